import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { lowestIdAt, type Id } from '../../platform/ids.ts';
import type { Database } from '../../platform/postgres.ts';
import { partitionsRead, type StatementParameter } from '../../tests/partitions-read.ts';
import type { Page } from '../connection.ts';
import { createListStore, type ListStore, type UserTweetsFilter } from './list-store.ts';
import { aTweet, openTweetStores, type TweetStores } from './tweet-stores.builder.ts';
import type { Tweet } from './tweet.ts';
import { createTweetStore } from './tweet-store.ts';

const PRIMARY = { readsOwnWrites: true };
const page = (given: Partial<Page> = {}): Page => ({
  from: 'start',
  limit: 20,
  after: null,
  before: null,
  ...given,
});

describe('the list store', () => {
  let stores: TweetStores;
  beforeAll(async () => {
    stores = await openTweetStores();
  });
  afterAll(() => stores.close());

  const remove = (tweet: Tweet) => stores.tweets.delete(tweet.id, tweet.authorId, new Date());

  describe('what an account posted', () => {
    const listed = async (authorId: Id, filter: UserTweetsFilter, given: Partial<Page> = {}) =>
      (await stores.lists.byAuthor(authorId, filter, page(given), PRIMARY)).map(({ tweetId }) => tweetId);

    it('is filtered as a profile asks, newest first', async () => {
      const other = await aTweet(stores.tweets, { authorId: '11' });
      const own = await aTweet(stores.tweets, { authorId: '10' });
      const toSelf = await aTweet(stores.tweets, { authorId: '10', parent: own });
      const toOther = await aTweet(stores.tweets, { authorId: '10', parent: other });
      await stores.reactions.retweet(other, '10');
      await remove(await aTweet(stores.tweets, { authorId: '10' }));
      expect(await listed('10', 'TWEETS')).toEqual([other.id, toSelf.id, own.id]);
      expect(await listed('10', 'TWEETS_AND_REPLIES')).toEqual([toOther.id, toSelf.id, own.id]);
      expect(await listed('10', 'ORIGINALS')).toEqual([own.id]);
    });

    it('is paged across quarters to the first, and one row further than the page', async () => {
      const moments = ['2025-02-01', '2025-05-01', '2026-01-05', '2026-07-01', '2026-10-01'];
      const ids = moments.map((moment) => lowestIdAt(Date.parse(moment) + 1));
      await stores.admin.query(
        `INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, text, entities, language, conversation_id, created_at)
         SELECT id, 12, id, 12, 'x', '[]', 'und', id, now() FROM unnest($1::bigint[]) AS id`,
        [ids],
      );
      const newestFirst = ids.toReversed();
      expect(await listed('12', 'TWEETS')).toEqual(newestFirst);
      expect(await listed('12', 'TWEETS', { limit: 2 })).toEqual(newestFirst.slice(0, 3));
      expect(await listed('12', 'TWEETS', { limit: 2, after: [newestFirst[1] ?? ''] })).toEqual(
        newestFirst.slice(2),
      );
    });
  });

  describe('replies', () => {
    it('come newest or oldest first, page by page, for several tweets at once', async () => {
      const [a, b] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
      const toA = [];
      for (let n = 0; n < 4; n += 1) toA.push((await aTweet(stores.tweets, { parent: a })).id);
      const toB = await aTweet(stores.tweets, { parent: b });
      await aTweet(stores.tweets, { parent: toB });
      const replies = (order: 'NEWEST' | 'OLDEST', given: Partial<Page> = {}) =>
        stores.lists.replies([b.id, a.id], order, page(given), PRIMARY);
      expect(await replies('OLDEST')).toEqual([[toB.id], toA]);
      expect(await replies('NEWEST', { limit: 2 })).toEqual([[toB.id], toA.toReversed().slice(0, 3)]);
      expect((await replies('NEWEST', { after: [toA[2] ?? ''] }))[1]).toEqual([toA[1], toA[0]]);
      expect((await replies('OLDEST', { after: [toA[2] ?? ''] }))[1]).toEqual([toA[3]]);
    });

    it('keep a deleted one only where something stands below it, however deep', async () => {
      const tweet = await aTweet(stores.tweets);
      const replies = async () => (await stores.lists.replies([tweet.id], 'OLDEST', page(), PRIMARY))[0];
      const alone = await aTweet(stores.tweets, { parent: tweet });
      const answered = await aTweet(stores.tweets, { parent: tweet });
      const below = await aTweet(stores.tweets, { parent: answered });
      const furtherBelow = await aTweet(stores.tweets, { parent: below });
      await Promise.all([alone, answered, below].map(remove));
      expect(await replies()).toEqual([answered.id]);
      await remove(furtherBelow);
      expect(await replies()).toEqual([]);
    });
  });

  describe('ancestors', () => {
    let way: Tweet[];
    const ids = (from: number, to: number) => way.slice(from, to).map(({ id }) => id);
    const above = (given: Partial<Page>) => stores.lists.ancestors(way[6]?.id ?? '', page(given));
    beforeAll(async () => {
      way = [await aTweet(stores.tweets)];
      for (let n = 0; n < 6; n += 1) way.push(await aTweet(stores.tweets, { parent: way.at(-1) ?? null }));
      if (way[2] !== undefined) await remove(way[2]);
    });

    it('lead from the first of the thread to the tweet, deleted ones too', async () => {
      expect(await above({ from: 'end' })).toEqual(ids(0, 6));
      expect(await above({ from: 'start' })).toEqual(ids(0, 6));
      expect(await stores.lists.ancestors(way[0]?.id ?? '', page())).toEqual([]);
    });

    it('are paged from the nearest and from the first, one further than the page', async () => {
      expect(await above({ from: 'end', limit: 2 })).toEqual(ids(3, 6));
      expect(await above({ from: 'end', limit: 2, before: ids(4, 5) })).toEqual(ids(1, 4));
      expect(await above({ from: 'start', limit: 2 })).toEqual(ids(0, 3));
      expect(await above({ from: 'start', limit: 2, after: ids(1, 2) })).toEqual(ids(2, 5));
      expect(await above({ from: 'end', limit: 5, after: ids(1, 2), before: ids(4, 5) })).toEqual(ids(2, 4));
    });
  });

  describe('reads only the quarters that it must', () => {
    const february = lowestIdAt(Date.parse('2026-02-10'));
    const may = lowestIdAt(Date.parse('2026-05-10'));
    const june = lowestIdAt(Date.parse('2026-06-10'));
    const now = Date.parse('2026-08-10');

    /** What the first statement of `read` touches. */
    async function touched(
      read: (lists: ListStore, database: Database) => Promise<unknown>,
    ): Promise<string[]> {
      const sent: { text: string; values: StatementParameter[] }[] = [];
      const primary = new Proxy(stores.database.primary, {
        get: (pool, name) =>
          name === 'query'
            ? (statement: { text: string; values: StatementParameter[] }) => {
                sent.push(statement);
                return pool.query(statement);
              }
            : (Reflect.get(pool, name) as unknown),
      });
      const database = { ...stores.database, primary, reader: (): pg.Pool => primary };
      await read(
        createListStore(database, () => now),
        database,
      );
      const [statement] = sent;
      return statement === undefined ? [] : partitionsRead(stores.admin, statement.text, statement.values);
    }

    beforeAll(async () => {
      // A reply in June to a tweet of May, and enough other rows that lookups pay.
      await stores.admin.query(
        `INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, text, entities, language, conversation_id, created_at, in_reply_to_id)
         SELECT $1::bigint + n, 77, $1::bigint + n, 77, 'x', '[]', 'und', $1, now(), NULL FROM generate_series(1, 5000) AS n
         UNION ALL VALUES ($1::bigint, 77, $1::bigint, 77, 'x', '[]'::jsonb, 'und', $1::bigint, now(), NULL::bigint),
           ($2::bigint, 77, $2::bigint, 77, 'x', '[]', 'und', $1::bigint, now(), $1::bigint)`,
        [may, june],
      );
      await stores.admin.query('ANALYZE tweets.entries');
    });

    it('for tweets, those between the oldest and the newest', async () => {
      const read = (ids: Id[]) =>
        touched((_, database) =>
          createTweetStore({
            database,
            withNewIds: () => Promise.reject(new Error('unused')),
            wake: () => undefined,
          }).byIds(ids),
        );
      expect(await read([may, june])).toEqual(['entries_2026q2']);
      expect(await read([may, february])).toEqual(['entries_2026q1', 'entries_2026q2']);
    });

    it('for what an account posted, the newest first', async () => {
      const newest = await touched((lists) => lists.byAuthor('77', 'TWEETS', page(), PRIMARY));
      expect(newest).toEqual(['entries_2026q3']);
      const further = await touched((lists) =>
        lists.byAuthor('77', 'TWEETS', page({ after: [june] }), PRIMARY),
      );
      expect(further).toEqual(['entries_2026q2']);
    });

    it('for replies, from that of the tweet until now', async () => {
      const read = await touched((lists) => lists.replies([may], 'NEWEST', page(), PRIMARY));
      expect(read).toEqual(['entries_2026q2', 'entries_2026q3']);
    });

    it('for ancestors, theirs', async () => {
      expect(await touched((lists) => lists.ancestors(june, page({ from: 'end' })))).toEqual([
        'entries_2026q2',
      ]);
    });
  });
});
