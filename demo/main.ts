import { z } from 'zod';
import { loadAddresses } from '../platform/process/addresses.ts';
import { loadConfig, url } from '../platform/process/config.ts';
import { loadDemo } from './load.ts';

const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: url('postgres', 'postgresql') }));
// Throws where other machines would see accounts whose password is public, unless that is meant.
loadAddresses({ ...process.env, DEMO: '1' });

const loaded = await loadDemo({ adminUrl: DATABASE_URL });
if (loaded !== null) {
  const { people, follows, entries, likes } = loaded;
  console.log(`  ${people} people, ${follows} follows, ${entries} tweets and retweets, ${likes} likes`);
}
