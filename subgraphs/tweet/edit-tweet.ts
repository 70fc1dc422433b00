import type pg from 'pg';
import { TweetEdited } from '../../platform/events/tweet-edited.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { storedEntities } from '../../platform/text/stored-entities.ts';
import { countTags, FORGET_TAGS } from './counters.ts';
import { languageAfter, mayEdit, type EditedWords } from './edit.ts';
import type { Tweet } from './tweet.ts';
import { tagsIn } from './tweet-text.ts';
import { isSeen } from './visibility.ts';

export type Edited = 'edited' | 'unchanged' | 'absent' | 'not-yours' | 'too-late';

export interface Edit {
  tweetId: Id;
  authorId: Id;
  words: EditedWords;
  /** Whose the names are that the words mention. */
  accounts: ReadonlyMap<string, Id>;
  now: Date;
}

// The lock makes edits come one after the other, so that the sixth sees the fifth, and none comes after the deletion.
const LOCK_TWEET = `
  SELECT author_id AS "authorId", text, entities, language, created_at AS "createdAt", edited_at AS "editedAt",
    conversation_id AS "conversationId"
  FROM tweets.entries AS tweet WHERE id = $1 AND ${isSeen('$2::bigint', 'tweet')} FOR UPDATE OF tweet`;

/** Writers of one author's hashtags queue at this row, since an edit takes some of them twice, in no order of all. */
const LOCK_AUTHOR = `SELECT FROM tweets.author_counters WHERE author_id = $1 FOR UPDATE`;

const COUNT_EDITS = `SELECT count(*)::int AS edits FROM tweets.revisions WHERE tweet_id = $1`;

const EDIT = `
  WITH kept AS (
    INSERT INTO tweets.revisions (tweet_id, revision, text, entities, created_at) VALUES ($1, $2, $3, $4, $5)
  ),
  edited AS (
    UPDATE tweets.entries SET text = $6, entities = $7, language = $8, edited_at = $9 WHERE id = $1
  ),
  fewer AS (
    DELETE FROM tweets.hashtags USING unnest($10::text[]) AS gone (tag)
    WHERE hashtags.tag = gone.tag AND tweet_id = $1 RETURNING hashtags.tag
  ),
  more AS (
    INSERT INTO tweets.hashtags (tag, tweet_id, author_id) SELECT tag, $1, $12 FROM unnest($11::text[]) AS tag
    ON CONFLICT DO NOTHING RETURNING tag
  ),
  untagged AS (${countTags(-1, { author: '$12', from: 'fewer' })}),
  tagged AS (${countTags(1, { author: '$12', from: 'more' })})
  INSERT INTO tweets.outbox (topic, key, name, payload) VALUES ($13, $14, $15, $16)`;

type Locked = Pick<
  Tweet,
  'authorId' | 'text' | 'entities' | 'language' | 'createdAt' | 'editedAt' | 'conversationId'
>;

/** Within a transaction, three statements; one more when hashtags change, and another when one goes. */
export async function editTweet(
  client: pg.PoolClient,
  { tweetId, authorId, words, accounts, now }: Edit,
): Promise<Edited> {
  const locked = await client.query<Locked>({
    name: 'lock-to-edit',
    text: LOCK_TWEET,
    values: [tweetId, authorId],
  });
  const [tweet] = locked.rows;
  if (tweet === undefined) return 'absent';
  if (tweet.authorId !== authorId) return 'not-yours';
  if (tweet.text === words.text) return 'unchanged';
  const counted = await client.query<{ edits: number }>({
    name: 'count-edits',
    text: COUNT_EDITS,
    values: [tweetId],
  });
  const edits = counted.rows[0]?.edits ?? 0;
  if (!mayEdit(tweet, authorId, edits, now)) return 'too-late';

  const entities = storedEntities(words.entities, accounts);
  const [before, after] = [tagsIn(tweet.entities), tagsIn(entities)];
  const gone = before.filter((tag) => !after.includes(tag));
  const added = after.filter((tag) => !before.includes(tag));
  if (gone.length > 0 || added.length > 0)
    await client.query({ name: 'lock-author', text: LOCK_AUTHOR, values: [authorId] });
  const { conversationId } = tweet;
  const event = outboxRow(TweetEdited, { tweetId, authorId, conversationId, editedAtMs: now.getTime() });
  await client.query({
    name: 'edit-tweet',
    text: EDIT,
    values: [
      tweetId,
      edits,
      tweet.text,
      JSON.stringify(tweet.entities),
      tweet.editedAt ?? tweet.createdAt,
      words.text,
      JSON.stringify(entities),
      languageAfter(tweet, words),
      now,
      gone,
      added,
      authorId,
      event.topic,
      event.key,
      event.name,
      event.payload,
    ],
  });
  if (gone.length > 0)
    await client.query({ name: 'forget-tags', text: FORGET_TAGS, values: [gone, authorId] });
  return 'edited';
}
