import { defineConfig } from 'prisma/config';

// `generate` needs no database. The rest is for `prisma migrate …`, see docs/decisions/0004-prisma-offline.md.
const url = process.env['DATABASE_URL'];

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  ...(url === undefined ? {} : { datasource: { url } }),
});
