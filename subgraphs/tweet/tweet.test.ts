import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lowestIdAt } from '../../platform/ids.ts';
import { composeTweet, tweetOf, type NewTweet, type Tweet } from './tweet.ts';

const input = (given: Partial<NewTweet> = {}): NewTweet => ({
  text: 'Terns are back on the roof.',
  inReplyToId: null,
  quotedId: null,
  replyPolicy: 'EVERYONE',
  language: null,
  idempotencyKey: 'a key',
  ...given,
});

const parent: Tweet = {
  id: '20',
  authorId: '2',
  text: 'Who is back?',
  entities: [],
  language: 'en',
  createdAt: new Date(0),
  editedAt: null,
  inReplyToId: '10',
  inReplyToAuthorId: '1',
  conversationId: '10',
  quotedId: null,
  quotedAuthorId: null,
  replyPolicy: 'EVERYONE',
};

const compose = (given: Partial<NewTweet> = {}, answered: Tweet | null = null, quoted: Tweet | null = null) =>
  composeTweet(input(given), '3', { parent: answered, quoted });
const refusals = (given: Partial<NewTweet>) => {
  const composed = compose(given);
  return composed.type === 'refused'
    ? composed.errors.map((error) => [
        error.field?.[0],
        'constraint' in error ? error.constraint : error.code,
      ])
    : [];
};

describe('composeTweet', () => {
  it('begins a thread', () => {
    expect(compose()).toMatchObject({
      type: 'composed',
      draft: {
        authorId: '3',
        inReplyToId: null,
        inReplyToAuthorId: null,
        conversationId: null,
        language: 'en',
      },
    });
  });

  it('goes on with the thread that it answers in', () => {
    expect(compose({ inReplyToId: '20' }, parent)).toMatchObject({
      draft: { inReplyToId: '20', inReplyToAuthorId: '2', conversationId: '10' },
    });
  });

  it.each([
    ['only spaces', { text: ' \n\t ' }, ['text', 'REQUIRED']],
    ['nothing that shows', { text: '\u200b\u2060' }, ['text', 'REQUIRED']],
    ['NUL', { text: 'a\0b' }, ['text', 'MALFORMED']],
    ['half a surrogate pair', { text: 'a\ud83d' }, ['text', 'MALFORMED']],
    ['281 characters', { text: 'a'.repeat(281) }, ['text', 'TOO_LONG']],
    ['141 ideographs', { text: '鳥'.repeat(141) }, ['text', 'TOO_LONG']],
    ['a novel', { text: 'a'.repeat(1_000_000) }, ['text', 'TOO_LONG']],
    ['a parent that does not stand', { inReplyToId: '20' }, ['inReplyToTweetId', 'NOT_FOUND']],
    ['no key', { idempotencyKey: '' }, ['idempotencyKey', 'REQUIRED']],
    ['a key of 65 characters', { idempotencyKey: 'k'.repeat(65) }, ['idempotencyKey', 'TOO_LONG']],
    ['a key with NUL', { idempotencyKey: '\0' }, ['idempotencyKey', 'MALFORMED']],
    ['a language as long as a sentence', { language: `en-u-${'x'.repeat(40)}` }, ['language', 'TOO_LONG']],
  ])('refuses %s', (_, given, refusal) => {
    expect(refusals(given)).toEqual([refusal]);
  });

  it('says how long a tweet may be', () => {
    expect(compose({ text: 'a'.repeat(281) })).toMatchObject({
      errors: [{ limit: 280, code: 'BAD_USER_INPUT' }],
    });
  });

  it.each([
    ['280 characters', 'a'.repeat(280)],
    ['140 ideographs', '鳥'.repeat(140)],
    [
      'a link of any length beside 256 characters',
      `${'a'.repeat(256)} https://example.com/${'b'.repeat(300)}`,
    ],
    ['280 characters and the space around them', `  ${'a'.repeat(280)}\n`],
  ])('takes %s', (_, text) => {
    expect(compose({ text })).toMatchObject({ type: 'composed' });
  });

  it('quotes, with words of its own', () => {
    expect(compose({ quotedId: '20', replyPolicy: 'MENTIONED' }, null, parent)).toMatchObject({
      draft: { quotedId: '20', quotedAuthorId: '2', inReplyToId: null, replyPolicy: 'MENTIONED' },
    });
    expect(refusals({ quotedId: '20' })).toEqual([['quotedTweetId', 'NOT_FOUND']]);
    expect(refusals({ quotedId: '20', text: ' ' })[0]).toEqual(['text', 'REQUIRED']);
  });

  it('tells all that is wrong at once', () => {
    expect(refusals({ text: '', idempotencyKey: '', inReplyToId: '20' })).toHaveLength(3);
  });

  it('believes what the author says the language is, and guesses otherwise', () => {
    expect(compose({ language: 'nds' })).toMatchObject({ draft: { language: 'nds' } });
    expect(compose({ text: 'Die Seeschwalben sind wieder auf dem Dach' })).toMatchObject({
      draft: { language: 'de' },
    });
    expect(compose({ text: '😀 https://example.com @ada' })).toMatchObject({ draft: { language: 'und' } });
    expect(compose({ text: 'ada for b' })).toMatchObject({ draft: { language: 'und' } });
    expect(compose({ text: 'deadbeef-2f9a-4a0e 9d0c8c2b1f9f6a77' })).toMatchObject({
      draft: { language: 'und' },
    });
    expect(compose({ text: 'A tweet of the bench, 9d1be45a-7c0f-4c3e-b7a1-0d7ce3aa4bc2' })).toMatchObject({
      draft: { language: 'en' },
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'binary' }),
        (text, key) => {
          const { type } = compose({ text, idempotencyKey: key });
          expect(['composed', 'refused']).toContain(type);
        },
      ),
    );
  });
});

describe('tweetOf', () => {
  const draftOf = (text: string) => {
    const composed = compose({ text });
    if (composed.type === 'refused') throw new Error('refused');
    return composed.draft;
  };

  it('lets mentions mean accounts, and those of nobody be plain text', () => {
    const draft = draftOf('@Ada and @ada met @nobody');
    expect(tweetOf(draft, '99', new Map([['ada', '7']])).tweet.entities).toEqual([
      { type: 'mention', start: 0, end: 4, userId: '7' },
      { type: 'mention', start: 9, end: 13, userId: '7' },
    ]);
  });

  it('takes the moment from the id, and tells it', () => {
    const ms = Date.parse('2026-11-21T12:00:00.123Z');
    const { tweet, event } = tweetOf(draftOf('Hello'), lowestIdAt(ms), new Map());
    expect(tweet.createdAt).toEqual(new Date(ms));
    expect(tweet.conversationId).toBe(tweet.id);
    expect(event).toEqual({
      tweetId: tweet.id,
      authorId: '3',
      inReplyToId: null,
      inReplyToAuthorId: null,
      postedAtMs: ms,
      conversationId: tweet.id,
      quotedId: null,
      quotedAuthorId: null,
    });
  });
});
