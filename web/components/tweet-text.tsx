import Link from 'next/link';
import type { ReactNode } from 'react';
import { gql } from '../graphql.generated/index.ts';
import type { TextPartFragment } from '../graphql.generated/graphql.ts';

export const TextPart = gql(`
  fragment TextPart on TextEntity {
    __typename
    start
    end
    ... on MentionEntity {
      user {
        id
        username
      }
    }
    ... on LinkEntity {
      url
      displayText
    }
  }
`);

/** Text with its mentions, hashtags and links, from the places that the server found. Never parsed here, never HTML. */
export function TweetText({ text, entities }: { text: string; entities: readonly TextPartFragment[] }) {
  const parts: ReactNode[] = [];
  let done = 0;
  for (const entity of entities) {
    parts.push(
      text.slice(done, entity.start),
      <Part key={entity.start} entity={entity}>
        {text.slice(entity.start, entity.end)}
      </Part>,
    );
    done = entity.end;
  }
  parts.push(text.slice(done));
  return <p className="text">{parts}</p>;
}

function Part({ entity, children }: { entity: TextPartFragment; children: string }) {
  switch (entity.__typename) {
    case 'MentionEntity':
      // Whoever it meant is gone.
      if (entity.user === null) return children;
      return (
        <Link className="entity" href={`/@${entity.user.username}`} prefetch={false}>
          {children}
        </Link>
      );
    case 'LinkEntity':
      return (
        <a className="entity" href={entity.url} target="_blank" rel="noopener nofollow">
          {entity.displayText}
        </a>
      );
    case 'HashtagEntity':
      return <span className="entity">{children}</span>;
    default:
      return children;
  }
}
