import { z } from 'zod';
import { loadConfig, url } from '../platform/process/config.ts';
import { loadDemo } from './load.ts';

const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: url('postgres', 'postgresql') }));

const loaded = await loadDemo({ adminUrl: DATABASE_URL });
if (loaded !== null) {
  const { people, follows, entries, likes } = loaded;
  console.log(`  ${people} people, ${follows} follows, ${entries} tweets and retweets, ${likes} likes`);
}
