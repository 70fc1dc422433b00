import { z } from 'zod';
import { loadConfig, url } from '../platform/process/config.ts';
import { migrate } from '../prisma/migrate.ts';

const database = url('postgres', 'postgresql');
const config = z.object({
  DATABASE_URL: database,
  USER_DATABASE_URL: database,
  TWEET_DATABASE_URL: database,
  FOLLOW_DATABASE_URL: database,
  TIMELINE_DATABASE_URL: database,
});

// Brings the database up to this code, and gives each subgraph's role the password that its URL has.
const told = loadConfig(config);
const passwordIn = (text: string) => decodeURIComponent(new URL(text).password);
const applied = await migrate({
  adminUrl: told.DATABASE_URL,
  rolePasswords: {
    user: passwordIn(told.USER_DATABASE_URL),
    tweet: passwordIn(told.TWEET_DATABASE_URL),
    follow: passwordIn(told.FOLLOW_DATABASE_URL),
    timeline: passwordIn(told.TIMELINE_DATABASE_URL),
  },
});
console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The database is up to date.');
