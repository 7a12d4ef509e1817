import { expect, test } from 'vitest';
import { orderPolicySchema } from '../../../app/history/order-policy.ts';

test('an empty setting is the default policy: company orders are left out, nobody else', () => {
  expect(orderPolicySchema.parse({})).toEqual({
    companyOrders: 'leave_out',
    leaveOutCustomerTags: [],
    leaveOutOrderTags: [],
    leaveOutChannels: [],
  });
});

test('a policy that cannot be meant is refused', () => {
  expect(orderPolicySchema.safeParse({ companyOrders: 'sometimes' }).success).toBe(false);
  expect(orderPolicySchema.safeParse({ leaveOutCustomerTags: [' '] }).success).toBe(false);
});
