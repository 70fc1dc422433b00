import { join } from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  // `npm test` builds beside what `npm start` serves.
  distDir: process.env['WEB_BUILD_FOLDER'] ?? '.next',
  turbopack: { root: join(import.meta.dirname, '..') },
  poweredByHeader: false,
  // What is behind us on the way out compresses, or nobody: the client is on this machine.
  compress: true,
  devIndicators: false,
  // `npm run check` does, with the same compiler as everything else.
  typescript: { ignoreBuildErrors: true },
};

export default config;
