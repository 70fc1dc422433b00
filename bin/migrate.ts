import { z } from 'zod';
import { ConfigError, loadConfig, url } from '../platform/process/config.ts';
import { runProcess } from '../platform/process/run.ts';
import { migrate } from '../prisma/migrate.ts';

const postgres = url('postgres', 'postgresql');
const config = z.object({
  DATABASE_URL: postgres,
  USER_DATABASE_URL: postgres,
  TWEET_DATABASE_URL: postgres,
  FOLLOW_DATABASE_URL: postgres,
  TIMELINE_DATABASE_URL: postgres,
});

/**
 * Brings the database of DATABASE_URL up to this code, as `npm start` does, for subgraphs that run as servers. Each role
 * gets the password that the subgraph's own URL carries. Run it before them; it may be repeated.
 */
runProcess('migrate', async (env) => {
  const urls = loadConfig(config, env);
  const applied = await migrate({
    adminUrl: urls.DATABASE_URL,
    rolePasswords: {
      user: passwordIn(urls.USER_DATABASE_URL, 'roost_user'),
      tweet: passwordIn(urls.TWEET_DATABASE_URL, 'roost_tweet'),
      follow: passwordIn(urls.FOLLOW_DATABASE_URL, 'roost_follow'),
      timeline: passwordIn(urls.TIMELINE_DATABASE_URL, 'roost_timeline'),
    },
  });
  console.log(applied.length > 0 ? `${applied.length} migrations applied.` : 'Up to date.');
  return { stop: () => Promise.resolve() };
});

/** Of a URL that signs in as another role, the password would be given to the wrong one. */
function passwordIn(databaseUrl: string, role: string): string {
  const { username, password } = new URL(databaseUrl);
  if (username !== role || password === '')
    throw new ConfigError(`A URL must sign in as ${role}, with a password.`);
  return decodeURIComponent(password);
}
