import { linkTo } from './playground/app/share.ts';

/** Quotes and backslashes of a text can't end it: GraphQL writes strings as JSON does. */
const quoted = (text: string): string => JSON.stringify(text);

const REFUSALS = 'errors { ... on UserError { code message field } }';

const CARD = `text
    createdAt
    likeCount
    retweetCount
    replyCount`;

/** Pages of the web client by the first part of their path, as operations: `rest` is the second, `token` of the search. */
const PAGES: Record<string, (rest: string, token: string | null) => string> = {
  'verify-email': (_, token) => `# Verifies the address that this link was mailed to. Run it.
mutation VerifyEmail {
  verifyEmail(input: { token: ${quoted(token ?? '')} }) {
    email
    ${REFUSALS}
  }
}`,
  'reset-password': (_, token) =>
    token === null
      ? `# Sends a mail with a link that sets a new password. Write a username or an address, and run it.
mutation RequestPasswordReset {
  requestPasswordReset(input: { login: "" }) {
    linkLifetimeMinutes
    ${REFUSALS}
  }
}`
      : `# Write a new password, and run it.
mutation ResetPassword {
  resetPassword(input: { token: ${quoted(token)}, newPassword: "" }) {
    username
    ${REFUSALS}
  }
}`,
  tweets: (id) => `query Tweet {
  tweet(id: ${quoted(`tweet_${id}`)}) {
    author {
      username
      displayName
    }
    ${CARD}
  }
}`,
  hashtags: (name) => `query Hashtag {
  hashtag(name: ${quoted(name)}) {
    tweetCount
    tweets {
      nodes {
        author {
          username
        }
        text
      }
    }
  }
}`,
};

const profile = (username: string) => `query Profile {
  user(username: ${quoted(username)}) {
    username
    displayName
    bio
    followerCount
    followingCount
    tweets {
      nodes {
        ${CARD.replaceAll('\n', '\n    ')}
      }
    }
  }
}`;

/**
 * Where a link to a page of the web client leads on an instance without one: links in mails, and every `url` of the API.
 * It is the playground, with what the page would ask, not run yet: programs that look at mails open links, too. Null for
 * other paths.
 */
export function playgroundLinkOf({ pathname, searchParams }: URL): string | null {
  const parts = decoded(pathname);
  const [first = '', rest = ''] = parts ?? [];
  if (first.startsWith('@')) return linkTo('/graphql', profile(first.slice(1)));
  const page = Object.hasOwn(PAGES, first) ? PAGES[first] : undefined;
  if (page !== undefined) return linkTo('/graphql', page(rest, searchParams.get('token')));
  return pathname === '/' || first === 'sign-in' ? '/graphql' : null;
}

/** The parts of a path, as they were before they were put into an address. Null when it is no text. */
function decoded(pathname: string): string[] | null {
  try {
    return pathname.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}
