import { expect, test } from 'vitest';
import {
  DEFAULT_ORDER_POLICY,
  describeOrderPolicy,
  orderPolicySchema,
} from '../../../app/history/order-policy.ts';

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

test('the words say what is left out', () => {
  const said = (policy: Partial<typeof DEFAULT_ORDER_POLICY>) =>
    describeOrderPolicy({ ...DEFAULT_ORDER_POLICY, ...policy }).join(' ');
  expect(said({})).toContain('Orders of company buyers are left out.');
  expect(said({ companyOrders: 'count' })).toContain('Orders of company buyers count');
  expect(said({ leaveOutCustomerTags: ['staff', 'wholesale'] })).toContain(
    'Customers with one of these tags are left out: staff, wholesale.',
  );
});
