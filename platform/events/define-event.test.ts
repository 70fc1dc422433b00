import { expect, it } from '@jest/globals';
import { defineEvent } from './define-event.ts';
import { fingerprint } from './fingerprint.ts';
import { parseSchema, readSchema, type Schema } from './schemas.ts';
import { TweetPosted } from './tweet-posted.ts';
import { UserFollowed } from './user-followed.ts';

const posted = {
  tweetId: '12',
  authorId: '7',
  inReplyToId: null,
  inReplyToAuthorId: null,
  conversationId: null,
  quotedId: null,
  quotedAuthorId: null,
  postedAtMs: 1e12,
};

it('writes the bytes of Avro: marker, fingerprint of the schema, data', () => {
  const bytes = TweetPosted.encode(posted);
  expect(bytes.subarray(0, 2).toString('hex')).toBe('c301');
  const schema = parseSchema(readSchema('tweet-posted.v1.avsc'));
  expect(bytes.subarray(2, 10)).toEqual(fingerprint(schema));
  expect(schema.fromBuffer(bytes.subarray(10))).toMatchObject(posted);
});

it('fingerprints as the Avro specification does', () => {
  const known = { int: '7275d51a3f395c8f', string: '8f014872634503c7', null: '63dd24e7cc258f8a' };
  for (const [type, print] of Object.entries(known)) {
    const bytes = fingerprint(parseSchema(type as unknown as Schema));
    expect(bytes.readBigUInt64LE().toString(16)).toBe(print);
  }
});

it('reads what an older schema wrote, with the defaults of fields that came later', () => {
  const grown = readSchema('tweet-posted.v1.avsc');
  const fields = grown['fields'] as object[];
  const event = defineEvent({
    schema: { ...grown, fields: [...fields, { name: 'isSensitive', type: 'boolean', default: false }] },
    topic: 'tweets',
    key: () => '7',
  });
  expect(event.decode(TweetPosted.encode(posted))).toMatchObject({ ...posted, isSensitive: false });
  expect(() => TweetPosted.decode(event.encode({ ...posted, isSensitive: true }))).toThrow(
    /No schema of TweetPosted.v1 has the fingerprint [0-9a-f]{16}/,
  );
});

it('refuses other bytes, the bytes of another event, and data that is not what it says', () => {
  const followed = UserFollowed.encode({ followerId: '1', followeeId: '2', followedAtMs: 3 });
  expect(() => TweetPosted.decode(followed)).toThrow('No schema of TweetPosted.v1');
  expect(() => TweetPosted.decode(Buffer.from('{}'))).toThrow('These bytes are no TweetPosted.v1');
  expect(() => TweetPosted.decode(TweetPosted.encode(posted).subarray(0, 12))).toThrow('truncated');
  expect(() => TweetPosted.encode({ ...posted, tweetId: 12 as unknown as string })).toThrow(
    'invalid "string": 12',
  );
});
