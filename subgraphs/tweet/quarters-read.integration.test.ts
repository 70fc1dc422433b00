import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { lowestIdAt, type Id } from '../../platform/ids.ts';
import type { Database } from '../../platform/postgres.ts';
import { partitionsRead, type StatementParameter } from '../../tests/partitions-read.ts';
import type { Page } from '../connection.ts';
import { createCardStore, type CardStore } from './card-store.ts';
import { createListStore, type ListStore } from './list-store.ts';
import { createPeopleStore, type PeopleStore } from './people-store.ts';
import { createThreadStore, type ThreadStore } from './thread-store.ts';
import type { TweetPage } from './tweet-pages.ts';
import { openTweetStores, type TweetStores } from './tweet-stores.builder.ts';
import { createTweetStore } from './tweet-store.ts';

const PRIMARY = { viewerId: '5', readsOwnWrites: true };
const page = (given: Partial<Page> = {}): Page => ({
  from: 'start',
  limit: 20,
  after: null,
  before: null,
  ...given,
});

describe('only the quarters are read that must be', () => {
  let stores: TweetStores;
  beforeAll(async () => {
    stores = await openTweetStores();
  });
  afterAll(() => stores.close());

  const february = lowestIdAt(Date.parse('2026-02-10'));
  const may = lowestIdAt(Date.parse('2026-05-10'));
  const march = lowestIdAt(Date.parse('2026-03-10'));
  const june = lowestIdAt(Date.parse('2026-06-10'));
  const july = lowestIdAt(Date.parse('2026-07-10'));
  const now = Date.parse('2026-08-10');

  interface Read {
    lists: ListStore;
    people: PeopleStore;
    threads: ThreadStore;
    cards: CardStore;
    database: Database;
  }

  /** The quarters that the first statement of `read` touches. */
  async function touched(read: (by: Read) => Promise<unknown>): Promise<string[]> {
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
    await read({
      lists: createListStore(database, () => now),
      people: createPeopleStore(database, () => now),
      threads: createThreadStore(database, () => now),
      cards: createCardStore(database),
      database,
    });
    const [statement] = sent;
    if (statement === undefined) return [];
    const relations = await partitionsRead(stores.admin, statement.text, statement.values);
    return relations.filter((name) => name.startsWith('entries_'));
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
      touched(({ database }) =>
        createTweetStore({
          database,
          withNewIds: () => Promise.reject(new Error('unused')),
          wake: () => undefined,
        }).byIds(ids, '5'),
      );
    expect(await read([may, june])).toEqual(['entries_2026q2']);
    expect(await read([may, february])).toEqual(['entries_2026q1', 'entries_2026q2']);
  });

  it('for what accounts posted, the newest first', async () => {
    const newest = await touched(({ lists }) => lists.byAuthor(['77', '78'], 'TWEETS', page(), PRIMARY));
    expect(newest).toEqual(['entries_2026q3']);
    const further = await touched(({ lists }) =>
      lists.byAuthor(['77', '78'], 'TWEETS', page({ after: [june] }), PRIMARY),
    );
    expect(further).toEqual(['entries_2026q2']);
  });

  it('for what a viewer did with tweets, theirs', async () => {
    expect(await touched(({ cards }) => cards.flagsFor('5', [may, june]))).toEqual(['entries_2026q2']);
  });

  it.each<[string, (by: Read, asked: TweetPage[]) => Promise<unknown>]>([
    ['quotes', ({ lists }, asked) => lists.quotesOf(asked, PRIMARY)],
    ['retweets', ({ people }, asked) => people.retweetersOf(asked, '5')],
  ])('for %s, from that of the tweet until now or the cursor, for each tweet by itself', async (_, read) => {
    const quarters = (...asked: TweetPage[]) => touched((by) => read(by, asked));
    const ended = { tweetId: february, page: page({ after: [march] }) };
    expect(await quarters({ tweetId: may, page: page() })).toEqual(['entries_2026q2', 'entries_2026q3']);
    expect(await quarters(ended)).toEqual(['entries_2026q1']);
    expect(await quarters(ended, { tweetId: july, page: page() })).toEqual([
      'entries_2026q1',
      'entries_2026q3',
    ]);
  });

  it('for ranked replies, the same', async () => {
    const read = await touched(({ threads }) => threads.replies([may], 'RANKED', page(), PRIMARY));
    expect(read).toEqual(['entries_2026q2', 'entries_2026q3']);
  });

  it('for replies, from that of the tweet until now', async () => {
    const read = await touched(({ threads }) => threads.replies([may], 'NEWEST', page(), PRIMARY));
    expect(read).toEqual(['entries_2026q2', 'entries_2026q3']);
  });

  it('for ancestors, theirs', async () => {
    expect(await touched(({ threads }) => threads.ancestors([june, may], page({ from: 'end' })))).toEqual([
      'entries_2026q2',
    ]);
  });
});
