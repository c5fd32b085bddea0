import { User } from '#app/users/index.js';
import { beforeEach, expect, it } from 'vitest';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const PHONE = '+1-555-123-4567';

let user: User;

beforeEach(() => {
  user = User.signUp(
    { email: 'john@example.com', passwordDigest: 'digest', firstName: 'John', lastName: 'Doe' },
    { nativeSignup: false, now: NOW },
  );
});

/** A clinical user who has confirmed and was approved. */
function approve(): void {
  user.change({ clinical: true });
  user.confirm(NOW);
  user.clinicalApproved = true;
}

it('a new user is an active parent who has to confirm', () => {
  expect(user).toMatchObject({
    role: 'parent',
    active: true,
    confirmed: false,
    clinicalApproved: false,
    language: 'en',
    phone: null,
    phoneE164: null,
  });
});

it.each([{}, { firstName: undefined }, { firstName: 'John', phone: null, clinical: false }])(
  'the values %j change nothing of a user',
  (values) => {
    user.confirm(NOW);
    expect(user.change(values)).toEqual({
      changed: [],
      previousEmail: null,
      previousPhone: undefined,
      confirmationWithdrawn: false,
      confirmationRestored: false,
      approvalWithdrawn: false,
    });
    expect(user).toMatchObject({ firstName: 'John', confirmed: true, confirmedAt: NOW });
  },
);

it('a change of a user names the attributes that are different', () => {
  const { changed } = user.change({ firstName: 'Jane', lastName: 'Doe', language: 'de' });
  expect(changed).toEqual(['firstName', 'language']);
  expect(user).toMatchObject({ firstName: 'Jane', lastName: 'Doe', language: 'de' });
});

it('a first phone number has to be confirmed, and codes go there', () => {
  user.confirm(NOW);
  expect(user.change({ phone: PHONE }).confirmationWithdrawn).toBe(true);
  expect(user).toMatchObject({ confirmed: false, phoneE164: '+15551234567' });
  expect(user.codeChannel).toEqual({ channel: 'sms', destination: '+15551234567' });
});

it('a phone number that is written otherwise is changed but need not be confirmed again', () => {
  user.change({ phone: PHONE });
  user.confirm(NOW);
  const change = user.change({ phone: '+1 (555) 123 4567' });
  expect(change).toMatchObject({ changed: ['phone'], confirmationWithdrawn: false });
  expect(user).toMatchObject({ phone: '+1 (555) 123 4567', confirmed: true });
});

it('without the phone number codes go to the address, which has to be confirmed', () => {
  user.change({ phone: PHONE });
  user.confirm(NOW);
  expect(user.change({ phone: null }).confirmationWithdrawn).toBe(true);
  expect(user.codeChannel).toEqual({ channel: 'email', destination: 'john@example.com' });
});

it('a new address has to be confirmed where codes go there, and the former one is told', () => {
  user.confirm(NOW);
  expect(user.change({ email: 'new@example.com' })).toMatchObject({
    previousEmail: 'john@example.com',
    confirmationWithdrawn: true,
  });
});

it('a new address beside a phone number need not be confirmed', () => {
  user.change({ phone: PHONE });
  user.confirm(NOW);
  expect(user.change({ email: 'new@example.com' })).toMatchObject({
    previousEmail: 'john@example.com',
    confirmationWithdrawn: false,
  });
});

it('a template user who becomes a real one has to confirm again', () => {
  expect(user.change({ template: true }).confirmationWithdrawn).toBe(false);
  user.confirm(NOW);
  expect(user.change({ template: false }).confirmationWithdrawn).toBe(true);
  expect(user.confirmed).toBe(false);
});

it.each([{ clinical: false }, { template: true }])(
  'the change to %j withdraws an approval once',
  (values) => {
    approve();
    expect(user.isApprovedClinical).toBe(true);
    expect(user.change(values).approvalWithdrawn).toBe(true);
    expect(user.isApprovedClinical).toBe(false);
    expect(user.change({ clinical: true, template: false }).approvalWithdrawn).toBe(false);
    expect(user.isApprovedClinical).toBe(false);
  },
);

it('only a confirmed, active, clinical user who is no template may be approved', () => {
  expect(user.mayBeApproved).toBe(false);
  approve();
  expect(user.mayBeApproved).toBe(true);
  user.change({ template: true });
  expect(user.mayBeApproved).toBe(false);
});

it('a cancellation withdraws the approval, and a reactivation does not bring it back', () => {
  approve();
  expect(user.cancel(NOW)).toEqual({ approvalWithdrawn: true });
  expect(user).toMatchObject({ active: false, cancelledAt: NOW });
  user.reactivate();
  expect(user).toMatchObject({ active: true, cancelledAt: null, isApprovedClinical: false });
});

it('names are searched in lower case without accents, cut to 100 characters', () => {
  user.change({ firstName: 'ZOË', lastName: 'ﬃ'.repeat(100) });
  expect(user).toMatchObject({ firstNameKey: 'zoe', lastNameKey: 'ffi'.repeat(34).slice(0, 100) });
});
