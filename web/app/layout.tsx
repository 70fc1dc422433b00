import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Apollo } from '../apollo/provider.tsx';
import { preload } from '../apollo/server.ts';
import { THEME_COOKIE, themeIn } from '../components/theme.ts';
import { ViewerProvider } from '../components/viewer.tsx';
import { ViewerDocument } from '../graphql.generated/graphql.ts';
import '../styles/globals.css';

export const metadata: Metadata = {
  title: { default: 'Roost', template: '%s · Roost' },
  description: 'Short posts from people you chose, newest first.',
};

export const viewport: Viewport = {
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#141116' },
  ],
};

/** Known before the first byte leaves: who is signed in, and which theme was chosen. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, viewer] = await Promise.all([cookies(), preload(ViewerDocument, {})]);
  return (
    <html
      lang="en"
      data-theme={themeIn(jar.get(THEME_COOKIE)?.value)}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>
        <Apollo>
          <ViewerProvider preloaded={viewer}>{children}</ViewerProvider>
        </Apollo>
      </body>
    </html>
  );
}
