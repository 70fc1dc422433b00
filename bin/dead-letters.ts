import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './data-folder.ts';

// Unless told otherwise, the Kafka that `npm start` runs from this checkout.
const engines = join(root, '.roost/engines.json');
if (!process.env['KAFKA_BROKERS'] && existsSync(engines)) {
  const { ports } = z
    .object({ ports: z.object({ kafka: z.number() }) })
    .parse(JSON.parse(readFileSync(engines, 'utf8')));
  process.env['KAFKA_BROKERS'] = `127.0.0.1:${ports.kafka}`;
}
await import('../platform/messaging/dead-letters-main.ts');
