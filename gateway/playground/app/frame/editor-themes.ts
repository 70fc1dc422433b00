import type * as monaco from 'monaco-editor';

/** Names of the editors' colours by day and by night. */
export const THEMES = { light: 'roost-light', dark: 'roost-dark' };

/** The tokens of `web/styles/tokens.css` that editors need: theirs are drawn by rules that know no variables. */
const day = {
  canvas: '#ffffff',
  raised: '#ffffff',
  ink: '#1d181f',
  ink2: '#544b58',
  ink3: '#6a616e',
  line: '#ebe6ea',
  ember: '#a8430a',
  emberWash: '#fff1e4',
  leaf: '#1b6b40',
  alarm: '#b0163c',
};
const night = {
  canvas: '#141116',
  raised: '#221d25',
  ink: '#f3eef4',
  ink2: '#c3bac6',
  ink3: '#a399a7',
  line: '#2c2630',
  ember: '#ffa763',
  emberWash: '#2e2018',
  leaf: '#79d3a0',
  alarm: '#ff8ba0',
};

/** Before the first editor is made. */
export function defineThemes({ editor }: Pick<typeof monaco, 'editor'>): void {
  for (const [name, base, tokens] of [
    [THEMES.light, 'vs', day],
    [THEMES.dark, 'vs-dark', night],
  ] as const)
    editor.defineTheme(name, {
      base,
      inherit: true,
      rules: rulesOf(tokens),
      colors: {
        'editor.background': tokens.canvas,
        'editor.foreground': tokens.ink,
        'editorLineNumber.foreground': tokens.ink3,
        'editorLineNumber.activeForeground': tokens.ink2,
        'editorLineNumber.dimmedForeground': tokens.ink3,
        'editorIndentGuide.background1': tokens.line,
        'editorIndentGuide.activeBackground1': tokens.ink3,
        'editorBracketHighlight.foreground1': tokens.ink2,
        'editorBracketHighlight.foreground2': tokens.ink2,
        'editorBracketHighlight.foreground3': tokens.ink2,
        'editor.selectionBackground': `${tokens.ember}33`,
        'editorHoverWidget.background': tokens.raised,
        'editorHoverWidget.border': tokens.line,
        'editorSuggestWidget.background': tokens.raised,
        'editorSuggestWidget.border': tokens.line,
        'editorSuggestWidget.foreground': tokens.ink,
        'editorSuggestWidget.selectedBackground': tokens.emberWash,
        'editorSuggestWidget.selectedForeground': tokens.ink,
        'editorSuggestWidget.highlightForeground': tokens.ember,
        'editorWidget.background': tokens.raised,
        'editorError.foreground': tokens.alarm,
        'textLink.foreground': tokens.ember,
        'scrollbarSlider.background': `${tokens.ink3}40`,
        'scrollbarSlider.hoverBackground': `${tokens.ink3}66`,
        'scrollbarSlider.activeBackground': `${tokens.ink3}80`,
        'scrollbar.shadow': '#00000000',
        focusBorder: tokens.ember,
      },
    });
}

const rulesOf = ({ ink, ink2, ink3, ember, leaf }: typeof day) =>
  Object.entries({
    '': ink,
    comment: ink3,
    keyword: ember,
    'type.identifier': leaf,
    type: leaf,
    string: leaf,
    number: ember,
    'argument.identifier': ink2,
    'argument.identifier.gql': ink2,
    'key.identifier': ink,
    'string.key.json': ink,
    'string.value.json': leaf,
    'number.json': ember,
    'keyword.json': ember,
    delimiter: ink3,
    annotation: ember,
    variable: ember,
  }).map(([token, colour]) => ({ token, foreground: colour.slice(1) }));
