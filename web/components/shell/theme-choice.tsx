'use client';

import { Check, Monitor, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { THEME_COOKIE, themeIn } from '../theme.ts';

const choices = [
  { value: 'system', label: 'As the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const;

const YEAR_S = 31_536_000;

/** Pins a theme for this browser, or lets it follow the system again. Part of a menu. */
export function ThemeChoice() {
  const [theme, setTheme] = useState<string>(
    () => themeIn(document.documentElement.dataset['theme']) ?? 'system',
  );

  function choose(value: string) {
    setTheme(value);
    const pinned = themeIn(value);
    if (pinned === undefined) delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = pinned;
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `${THEME_COOKIE}=${pinned ?? ''}; Path=/; Max-Age=${pinned ? YEAR_S : 0}; SameSite=Lax${secure}`;
  }

  return (
    <DropdownMenu.RadioGroup value={theme} onValueChange={choose} aria-label="Theme">
      {choices.map(({ value, label, icon: Icon }) => (
        <DropdownMenu.RadioItem
          key={value}
          value={value}
          // Several may be looked at before the menu goes.
          onSelect={(event) => event.preventDefault()}
          className="flex h-10 items-center gap-3 rounded-md px-2.5 text-[14px] outline-none data-highlighted:bg-wash"
        >
          <Icon className="size-[18px] text-ink-2" strokeWidth={1.75} aria-hidden="true" />
          {label}
          <DropdownMenu.ItemIndicator className="ml-auto">
            <Check className="size-4 text-ember" aria-hidden="true" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
