'use client';

import { unstable_rethrow } from 'next/navigation';
import { Component, type ReactNode } from 'react';
import { Empty } from './empty.tsx';

/** A screen, or a part of it, that could not be had. */
export const Failed = ({ onAgain }: { onAgain: () => void }) => (
  <Empty broken title="This did not load" text="It is us, not you. Your drafts are safe.">
    <button type="button" className="btn btn-s btn-ink" onClick={onAgain}>
      Try again
    </button>
  </Empty>
);

/** Keeps a fault of one part of the page from taking the rest with it. */
export class Region extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(error: unknown) {
    // What is not found is the page's to say.
    unstable_rethrow(error);
    return { failed: true };
  }

  override render() {
    return this.state.failed ? (
      <Failed onAgain={() => this.setState({ failed: false })} />
    ) : (
      this.props.children
    );
  }
}
