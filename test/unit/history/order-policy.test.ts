import { expect, test } from 'vitest';
import { orderPolicySchema } from '../../../app/history/order-policy.ts';

test('an empty setting is the default policy: company orders are left out, nobody else', () => {
  expect(orderPolicySchema.parse({})).toEqual({
    amounts: 'total',
    companyOrders: 'leave_out',
    companyBuyers: 'count',
    leaveOutCustomerTags: [],
    leaveOutOrderTags: [],
    leaveOutChannels: [],
    leaveOutProducts: [],
    productOrders: 'any',
  });
});

test('a policy that cannot be meant is refused', () => {
  expect(orderPolicySchema.safeParse({ companyOrders: 'sometimes' }).success).toBe(false);
  expect(orderPolicySchema.safeParse({ leaveOutCustomerTags: [' '] }).success).toBe(false);
  expect(orderPolicySchema.safeParse({ leaveOutProducts: ['gid'] }).success).toBe(false);
});
