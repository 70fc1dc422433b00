import type { Rate } from '../../platform/rate-limiter.ts';

// How often one account may write: more than people do, less than a program that shouts would want.

const HOUR = 60 * 60;

export const rates = {
  createTweet: { name: 'create-tweet', count: 300, perSeconds: 3 * HOUR },
  editTweet: { name: 'edit-tweet', count: 300, perSeconds: 3 * HOUR },
  retweet: { name: 'retweet', count: 600, perSeconds: 3 * HOUR },
  like: { name: 'like', count: 1000, perSeconds: HOUR },
  bookmark: { name: 'bookmark', count: 1000, perSeconds: HOUR },
} satisfies Record<string, Rate>;
