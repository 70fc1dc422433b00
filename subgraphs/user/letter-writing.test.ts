import { expect, it } from '@jest/globals';
import type { Credentials } from './account.ts';
import { createLetterWriting } from './letter-writing.ts';
import type { Mail } from './mail-store.ts';

const account: Credentials = {
  userId: '1',
  username: 'Ada',
  email: 'ada@example.org',
  emailVerifiedAt: null,
  passwordHash: '',
  deactivatedAt: null,
  isTrusted: false,
};
const mail: Mail = {
  id: '1',
  kind: 'verify-email',
  userId: '1',
  login: null,
  recipient: null,
  attempts: 1,
  createdAt: new Date(),
};

it('counts a mail to an address that nobody has verified once, however often it is tried', async () => {
  let left = 1;
  const write = createLetterWriting({
    accounts: { byId: async () => account, byLogin: async () => account },
    links: { issue: async () => undefined, verifiedBy: async () => null },
    limits: { mailTo: async () => left-- > 0 },
    publicUrl: 'https://roost.example.org',
  });
  for (const attempts of [1, 2, 3]) expect((await write({ ...mail, attempts }))?.to).toBe('ada@example.org');
  expect(await write({ ...mail, id: '2' })).toBe(null);
});
