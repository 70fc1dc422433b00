import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { createLog } from '../../platform/process/log.ts';
import { testDatabase, type TestDatabase } from '../../tests/databases.ts';
import { until } from '../../tests/until.ts';
import { startMailSending } from './mail-sending.ts';
import { createMailStore, type Mail, type MailStore } from './mail-store.ts';
import { createSmtpTransport } from './mail-transport.ts';
import { letters } from './mails.ts';

const log = createLog('test').child({}, { level: 'silent' });

interface Delivered {
  from: string;
  to: string[];
  source: string;
}

/** A real mail server; `answer` may throw to refuse a recipient, and take its time. */
async function aMailServer(answer: (recipient: string) => void | Promise<void> = () => undefined) {
  const delivered: Delivered[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _, done) => callbackify(async () => answer(address))((err) => done(err)),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        delivered.push({ from, to, source: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    delivered,
    close: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

const refusal = (responseCode: number) => Object.assign(new Error('not now'), { responseCode });

describe('mails by SMTP', () => {
  let test: TestDatabase;
  let pool: pg.Pool;
  let mails: MailStore;
  const stack: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    test = await testDatabase();
    pool = new pg.Pool({ connectionString: test.env.USER_DATABASE_URL });
    mails = createMailStore(pool);
  });
  afterEach(async () => {
    for (const stop of stack.splice(0).toReversed()) await stop();
    await pool.query('DELETE FROM users.mails');
  });
  afterAll(async () => {
    await pool.end();
    await test.drop();
  });

  const serve = async (answer?: (recipient: string) => void | Promise<void>) => {
    const server = await aMailServer(answer);
    stack.push(server.close);
    return server;
  };
  const startSending = (url: string, link = 'http://localhost:3000/verify-email?token=x') => {
    const write = (mail: Mail) =>
      Promise.resolve({ to: mail.recipient ?? '', letter: letters.verifyEmail('Ada', link) });
    const transport = createSmtpTransport(url, 'Roost <roost@example.org>');
    const sending = startMailSending({ mails, write, transport, log });
    stack.push(sending.stop);
    return sending;
  };
  const post = (recipient: string) => mails.append({ kind: 'verify-email', userId: '7', recipient });
  const waiting = async () =>
    (await pool.query<{ attempts: number }>('SELECT attempts FROM users.mails')).rows;
  const dueNow = () => pool.query('UPDATE users.mails SET due_at = now()');

  it('leave with all that they need, and are forgotten then', async () => {
    const server = await serve();
    const link = `http://localhost:3000/verify-email?token=${'t'.repeat(43)}`;
    startSending(server.url, link);
    await post('ada@example.org');
    await until('it is forgotten', async () => (await waiting()).length === 0);
    expect(server.delivered).toEqual([
      { from: 'roost@example.org', to: ['ada@example.org'], source: expect.any(String) },
    ]);
    const source = server.delivered[0]?.source ?? '';
    expect(source).toMatch(/^From: Roost <roost@example\.org>$/im);
    expect(source).toMatch(/^To: <?ada@example\.org>?$/im);
    expect(source).toMatch(/^Subject: Verify your address$/im);
    expect(source).toMatch(/^Message-ID: <verify-email-\d+\.\d+@example\.org>$/im);
    expect(source).toMatch(/^Auto-Submitted: auto-generated$/im);
    expect(source.replaceAll('=\r\n', '').replaceAll('=3D', '=')).toContain(link);
  });

  it('go to the one address that was given, whatever is in it', async () => {
    const server = await serve();
    startSending(server.url);
    await post('eve@evil.example,ada@example.org');
    await post('a"<b>@example.org');
    await until('they are forgotten', async () => (await waiting()).length === 0);
    for (const { to } of server.delivered) expect(to).toHaveLength(1);
    expect(server.delivered.flatMap(({ to }) => to)).not.toContain('ada@example.org');
  });

  it('are sent again, later and later, when the server cannot take them now', async () => {
    let tries = 0;
    const server = await serve(() => {
      tries += 1;
      if (tries < 3) throw refusal(451);
    });
    startSending(server.url);
    await post('ada@example.org');
    for (const attempts of [1, 2]) {
      await until(`try ${attempts} failed`, async () => {
        const { rowCount } = await pool.query(
          `SELECT FROM users.mails WHERE attempts = $1 AND due_at > now() + interval '1 s' AND due_at < now() + interval '1 minute'`,
          [attempts],
        );
        return rowCount === 1;
      });
      await dueNow();
    }
    await until('it is forgotten', async () => (await waiting()).length === 0);
    expect(server.delivered).toHaveLength(1);
  });

  it('are given up when there is no such mailbox, or after a day', async () => {
    const server = await serve((recipient) => {
      throw refusal(recipient.startsWith('nobody') ? 550 : 451);
    });
    startSending(server.url);
    await post('nobody@example.org');
    await until('it is given up', async () => (await waiting()).length === 0);
    await post('busy@example.org');
    await until('it was tried', async () => (await waiting())[0]?.attempts === 1);
    await pool.query(`UPDATE users.mails SET created_at = now() - interval '25 h', due_at = now()`);
    await until('it is given up', async () => (await waiting()).length === 0);
  });

  it('wait while there is no server, and for a worker that died with them', async () => {
    const alone = startSending('smtp://127.0.0.1:1');
    await post('ada@example.org');
    await until('it was tried', async () => (await waiting())[0]?.attempts === 1);
    await alone.stop();
    const server = await serve();
    const [inHand] = await (async () => {
      await dueNow();
      return await mails.take(1);
    })();
    expect(await mails.take(1)).toEqual([]);
    startSending(server.url);
    // As two minutes later.
    await dueNow();
    await until('it is forgotten', async () => (await waiting()).length === 0);
    expect(server.delivered).toHaveLength(1);
    expect(inHand).toMatchObject({ recipient: 'ada@example.org', attempts: 2 });
  });

  it('are left to other workers by one whose connections are all busy', async () => {
    const held = Promise.withResolvers<void>();
    const slow = await serve(() => held.promise);
    for (let n = 0; n < 5; n++) await post(`u${n}@example.org`);
    startSending(slow.url);
    stack.push(async () => held.resolve());
    await until('it has mails in hand', async () => (await waiting()).some(({ attempts }) => attempts > 0));
    const quick = await serve();
    startSending(quick.url);
    await until('the others are gone', () => quick.delivered.length === 3);
    held.resolve();
    await until('they are forgotten', async () => (await waiting()).length === 0);
    expect(slow.delivered).toHaveLength(2);
  });

  it('are sent once by several workers', async () => {
    const server = await serve();
    startSending(server.url);
    startSending(server.url);
    for (let n = 0; n < 30; n++) await post(`u${n}@example.org`);
    await until('they are forgotten', async () => (await waiting()).length === 0);
    const to = server.delivered.flatMap((mail) => mail.to);
    expect(to).toHaveLength(30);
    expect(new Set(to).size).toBe(30);
  });
});
