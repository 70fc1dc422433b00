import type { Id } from '../platform/ids.ts';
import { unauthenticated } from './errors.ts';

/** The person signed in, as far as a subgraph needs to know. */
export interface Viewer {
  userId: Id;
  sessionId: Id;
}

/** Who asks, and from where: what the gateway vouches for with each request to a subgraph. */
export interface Caller {
  /** Null when signed out. */
  viewer: Viewer | null;
  /** The client's own address, as far as trusted proxies tell. */
  address: string;
  userAgent: string | null;
  /** True for some seconds after this viewer changed something: read the primary. */
  readsOwnWrites: boolean;
}

/** Throws `UNAUTHENTICATED` when signed out. */
export function requireViewer(viewer: Viewer | null): Viewer {
  if (viewer === null) throw unauthenticated();
  return viewer;
}
