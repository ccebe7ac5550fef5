// What html-validate asks of the pages: its recommended rules, but those that stand here with the reason.

export const RULES = {
  extends: ['html-validate:recommended'],
  rules: {
    // HTML lets end tags of list items, rows and cells out. Of 35,000 pages of tables they would be a tenth of the bytes.
    'no-implicit-close': 'off',
    // A header cell alone in its row or column heads it: HTML says so, and readers do. Of 35,000 pages of tables these words would
    // be a twentieth of the bytes.
    'wcag/h63': 'off',
    // A title names the place and its prices. Search engines cut the end off, and the place and the first price stand before it.
    'long-title': 'off',
    // ARIA allows a name for a list, and readers say it; the rule's default keeps to roles that may be without one.
    'aria-label-misuse': ['error', { allowAnyNamable: true }],
  },
};
