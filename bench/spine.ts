import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Id } from '../platform/ids.ts';
import { openArrivals } from './arrivals.ts';
import { createHttpClient } from './http-client.ts';
import { openKafkaHop } from './kafka-hop.ts';
import { POST } from './operations.ts';
import { median, percentile } from './percentile.ts';
import { watchWay, type Marks } from './spine-way.ts';
import type { Stage } from './stage.ts';
import { milliseconds, ratio, table } from './table.ts';

const WARM_UP = 60;
const BLOCKS = 14;
/** Short, so that whatever else this machine does meanwhile falls on both sides alike. */
const PER_BLOCK = 25;
const WATCHED = 100;
const GOAL = 5;

/**
 * How long a post takes to a follower who looks on: from the first byte of its request to the follower's message, one
 * at a time; and how long Kafka alone takes on the same broker, in alternating blocks.
 */
export async function spine(stage: Stage): Promise<string[]> {
  const { signal, database, supergraph, signIn } = stage;
  await using stack = new AsyncDisposableStack();
  const { author, reader, readerId, followers } = await pickPeople(database.adminUrl);
  const http = stack.adopt(createHttpClient(supergraph.origin, 1), (client) => client.close());
  const kafka = {
    brokers: database.env.KAFKA_BROKERS.split(','),
    clientId: 'roost-bench',
    topicPrefix: database.env.KAFKA_TOPIC_PREFIX,
  };
  const openHop = async (commits: 'later' | 'each') =>
    stack.adopt(
      await openKafkaHop({ ...kafka, topicPrefix: `${kafka.topicPrefix}hop-${commits}.` }, commits),
      (each) => each.close(),
    );
  const hop = await openHop('later');
  const committedHop = await openHop('each');
  const token = await signIn(author);
  const arrivals = stack.adopt(await openArrivals(supergraph.origin, http, await signIn(reader)), (each) =>
    each.close(),
  );

  const post = async () => {
    const text = randomUUID();
    const arrival = arrivals.of(text);
    const beganAtMs = performance.now();
    const answered = http
      .ask({ query: POST, variables: { text, idempotencyKey: text } }, token)
      .then(() => performance.now());
    const [answeredAtMs, arrivedAtMs] = await Promise.all([answered, arrival]);
    return { beganAtMs, answeredAtMs, arrivedAtMs };
  };
  const posts: number[] = [];
  const hops: number[] = [];
  const committedHops: number[] = [];
  const measure = async (count: number) => {
    for (let n = 0; n < count; n++) {
      signal.throwIfAborted();
      const { beganAtMs, arrivedAtMs } = await post();
      posts.push(arrivedAtMs - beganAtMs);
    }
    for (let n = 0; n < count; n++) hops.push(await hop.measure());
    for (let n = 0; n < count; n++) committedHops.push(await committedHop.measure());
  };

  await measure(WARM_UP);
  posts.length = hops.length = committedHops.length = 0;
  for (let block = 0; block < BLOCKS; block++) await measure(PER_BLOCK);

  const way = await watchWay({ env: database.env, kafka, readerId });
  stack.defer(() => way.close());
  const watched: (Marks & Awaited<ReturnType<typeof post>>)[] = [];
  for (let n = 0; n < WARM_UP + WATCHED; n++) {
    signal.throwIfAborted();
    const marks = way.marks();
    const posted = await post();
    watched.push({ ...posted, ...(await marks) });
  }

  const times = median(posts) / median(hops);
  const row = (name: string, took: number[]) => [
    name,
    milliseconds(median(took)),
    milliseconds(percentile(took, 0.99)),
  ];
  return [
    `${ratio(times)} × Kafka's own hop (p50 to p50; the goal is at most ${GOAL}${times > GOAL ? ': missed' : ''})`,
    `${ratio(median(posts) / median(committedHops))} × that hop when each message is committed before the next one`,
    ...table([
      ['', 'p50', 'p99'],
      row('post to subscriber', posts),
      row("Kafka's own hop, committed later as ours are", hops),
      row("Kafka's own hop, each committed (eachMessage)", committedHops),
    ]),
    `${posts.length} of each, in alternating blocks of ${PER_BLOCK}; an author with ${followers} followers`,
    '',
    ...breakdown(watched.slice(WARM_UP)),
  ];
}

function breakdown(watched: readonly (Marks & Awaited<Posted>)[]): string[] {
  const p50 = (part: (each: Marks & Awaited<Posted>) => number) => milliseconds(median(watched.map(part)));
  return table([
    [`where the time goes (${watched.length} more, with watchers on the way)`, 'p50'],
    ['  request → written, relay has read it', p50((at) => at.sentAtMs - at.beganAtMs)],
    ['  relay → Kafka → a consumer', p50((at) => at.consumedAtMs - at.sentAtMs)],
    ['  consumer → fan-out → live log', p50((at) => at.announcedAtMs - at.consumedAtMs)],
    ['  live log → subscriber', p50((at) => at.arrivedAtMs - at.announcedAtMs)],
    ['  all of it', p50((at) => at.arrivedAtMs - at.beganAtMs)],
    ['  request → answer to the author', p50((at) => at.answeredAtMs - at.beganAtMs)],
  ]);
}

type Posted = Promise<{ beganAtMs: number; answeredAtMs: number; arrivedAtMs: number }>;

/** Somebody who reads, and of those they follow the one with the median number of followers. */
async function pickPeople(adminUrl: string) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ author: string; reader: string; readerId: Id; followers: number }>(`
      WITH reader AS (
        SELECT follower_id AS id FROM follows.following GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1 OFFSET 100
      ), followee AS (
        SELECT followee_id AS id, (SELECT count(*) FROM follows.followers f WHERE f.followee_id = e.followee_id) AS n
        FROM follows.following e JOIN reader ON reader.id = e.follower_id
      ), ranked AS (SELECT id, n, row_number() OVER (ORDER BY n, id) AS place, count(*) OVER () AS all_of_them FROM followee)
      SELECT author.username AS author, who.username AS reader, reader.id::text AS "readerId", ranked.n::int AS followers
      FROM ranked JOIN users.users author ON author.id = ranked.id, reader JOIN users.users who ON who.id = reader.id
      WHERE place = (all_of_them + 1) / 2`);
    if (rows[0] === undefined) throw new Error('Nobody follows anybody.');
    return rows[0];
  } finally {
    await client.end();
  }
}
