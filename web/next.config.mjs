import { join } from 'node:path';

/** @type {import('next').NextConfig} */
const config = {
  // `npm test` builds beside what `npm start` serves.
  distDir: process.env['WEB_BUILD_FOLDER'] ?? '.next',
  turbopack: { root: join(import.meta.dirname, '..') },
  poweredByHeader: false,
  devIndicators: false,
  // `npm run check` does, with the same compiler as everything else.
  typescript: { ignoreBuildErrors: true },
};

export default config;
