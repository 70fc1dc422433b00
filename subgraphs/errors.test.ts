import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import pg from 'pg';
import { pino } from 'pino';
import { connectPrisma } from '../prisma/connect.ts';
import { badUserInput, clientError, tooOften } from './errors.ts';

const log = pino({ level: 'silent' });
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';

const leaving = (thrown: unknown) =>
  clientError(new GraphQLError(String(thrown), { originalError: thrown as Error }), log).toJSON();
const failure = (work: Promise<unknown>) => work.then(() => null, leaving);

describe('an error that leaves', () => {
  it('says that a part is out of reach, whoever could not reach it', async () => {
    const pool = new pg.Pool({ connectionString: NOWHERE });
    const prisma = connectPrisma({ connectionString: NOWHERE });
    const unavailable = { extensions: { code: 'UNAVAILABLE' } };
    expect(await failure(pool.query('SELECT 1'))).toMatchObject(unavailable);
    expect(await failure(prisma.session.count())).toMatchObject(unavailable);
    await Promise.all([pool.end(), prisma.$disconnect()]);
    // As Prisma 7 reports a connection that broke under a query.
    const driverAdapterError = { cause: { originalCode: '57P01' } };
    const broken = Object.assign(new Error('failed'), { code: 'P2010', meta: { driverAdapterError } });
    expect(leaving(broken)).toMatchObject(unavailable);
  });

  it('keeps a code of ours, and loses the words of all else', () => {
    const ours = badUserInput('Too small.');
    expect(clientError(ours, log)).toBe(ours);
    expect(leaving(new TypeError('x of undefined in /srv/secret.ts'))).toEqual({
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  });
});

describe('a refusal of what was done too often', () => {
  it.each([
    [1, 'a second'],
    [90_000, '90 seconds'],
    [3_600_000, '60 minutes'],
    [10_794_566, '3 hours'],
    [604_799_680, '7 days'],
  ])('after %d ms lets come back in %s', (ms, words) => {
    expect(tooOften(ms)).toMatchObject({
      message: `Too often. Try again in ${words}.`,
      retryAfterMs: ms,
    });
  });
});
