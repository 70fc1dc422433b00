'use client';

import { CircleAlert, LoaderCircle, UnfoldVertical } from 'lucide-react';
import { useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { loadGap, type Gap } from '../apollo/home-timeline.ts';
import { timeOfDay } from './moments.ts';
import { useZone } from './time.tsx';

const looks = {
  idle: { icon: UnfoldVertical, title: 'Some tweets are missing here', button: 'Load them' },
  loading: { icon: LoaderCircle, title: 'Loading what is missing', button: 'Loading' },
  failed: { icon: CircleAlert, title: 'That did not load', button: 'Try again' },
};

/** Where the stream could not tell what came: how much, of when, and the way to load it. */
export function GapBand({ gap, held }: { gap: Gap; held: ReadonlySet<string> }) {
  const client = useApolloClient();
  const zone = useZone();
  const [state, setState] = useState<keyof typeof looks>('idle');
  const { icon: Icon, title, button } = looks[state];

  async function load() {
    setState('loading');
    try {
      await loadGap(client, gap, held);
    } catch {
      setState('failed');
    }
  }

  const many = gap.approximateCount === null ? '' : `About ${gap.approximateCount}, `;
  const between = [gap.since, gap.until].map((at) => timeOfDay(new Date(at), zone));
  return (
    <div className="gap" role="group" aria-label="Gap in the timeline">
      <Icon
        className={state === 'loading' ? 'animate-spin' : undefined}
        strokeWidth={1.75}
        aria-hidden="true"
      />
      <div className="grow">
        <b>{title}</b>
        <small>
          {state === 'failed' ? 'The gap stays marked until it is filled.' : many + between.join(' to ')}
        </small>
      </div>
      <button
        type="button"
        className="btn btn-s btn-line"
        disabled={state === 'loading'}
        onClick={() => void load()}
      >
        {button}
      </button>
    </div>
  );
}
