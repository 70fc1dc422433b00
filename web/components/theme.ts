/** Which theme was chosen; without it the page follows the system. Read by the layout, so that nothing flashes. */
export const THEME_COOKIE = 'roost_theme';

export type Theme = 'light' | 'dark';

export const themeIn = (value: string | undefined): Theme | undefined =>
  value === 'light' || value === 'dark' ? value : undefined;
