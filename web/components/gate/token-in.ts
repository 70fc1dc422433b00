export interface LinkProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What the link of a mail holds; empty when it holds nothing. */
export const tokenIn = ({ token }: Awaited<LinkProps['searchParams']>): string =>
  typeof token === 'string' ? token : '';
