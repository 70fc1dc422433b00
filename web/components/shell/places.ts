'use client';

import { House, UserRound, type LucideIcon } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useViewer } from '../viewer.tsx';

interface Place {
  href: string;
  label: string;
  icon: LucideIcon;
  current: boolean;
}

/** Where one can go from everywhere. Only what exists. */
export function usePlaces(): Place[] {
  const path = decodeURIComponent(usePathname());
  const username = useViewer()?.user?.username;
  const place = (href: string, label: string, icon: LucideIcon): Place => ({
    href,
    label,
    icon,
    current: path.toLowerCase() === href.toLowerCase(),
  });
  return [
    place('/', 'Home', House),
    ...(username === undefined ? [] : [place(`/@${username}`, 'Profile', UserRound)]),
  ];
}
