'use client';

import { RefreshCw, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useSocketStatus } from '../apollo/provider.tsx';

const words = { live: 'Live', reconnecting: 'Reconnecting', offline: 'Offline' };

/** Whether what is seen is what is: in the header. */
export function LiveChip() {
  const status = useSocketStatus();
  return (
    <span className="live" data-status={status}>
      {words[status]}
    </span>
  );
}

/** A blink of the network is not worth a banner that moves the page. */
const LASTS_MS = 400;

/** Under the header while live updates do not arrive. */
export function ConnectionBanner() {
  const status = useSocketStatus();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(status !== 'live'), status === 'live' ? 0 : LASTS_MS);
    return () => clearTimeout(timer);
  }, [status]);
  return (
    <div role="status">
      {shown && status === 'reconnecting' && (
        <div className="banner">
          <RefreshCw strokeWidth={1.75} aria-hidden="true" />
          Reconnecting. Nothing will be missed.
          <span className="sweep" aria-hidden="true">
            <i />
          </span>
        </div>
      )}
      {shown && status === 'offline' && (
        <div className="banner">
          <WifiOff strokeWidth={1.75} aria-hidden="true" />
          You are offline. What comes meanwhile will be here when you are back.
        </div>
      )}
    </div>
  );
}
