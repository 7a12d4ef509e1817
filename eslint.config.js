// What the compiler cannot see: the rules of the house (docs/architecture.md), each with its reason.
// test/unit/house plants a violation of every one and sees it refused.
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const never = {
  moduleMock: {
    selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|stubGlobal)$/]",
    message: 'No module mocks: pass a context instead.',
  },
  environment: {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only config.server.ts and process entries read the environment.',
  },
  machineClock: {
    selector:
      "CallExpression[callee.object.name='Date'][callee.property.name='now'], NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Nothing asks for the time: take it from the clock that is passed in.',
  },
  sqlClock: {
    selector:
      "TaggedTemplateExpression[tag.name='sql'] TemplateElement[value.raw=/\\bnow\\s*\\(|clock_timestamp|current_date|current_timestamp|localtimestamp/i]",
    message: 'SQL never asks for the time: the clock is a parameter.',
  },
  joinedSql: {
    selector:
      "CallExpression[callee.property.name='query'] > TemplateLiteral[expressions.length>0], CallExpression[callee.property.name='query'] > BinaryExpression[operator='+']",
    message: 'SQL is never joined from strings: use sql`...` with parameters.',
  },
};

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      'build',
      '.data',
      'app/db/generated',
      'app/shopify/types',
      'extensions/**/dist',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', never.moduleMock],
      eqeqeq: 'error',
    },
  },
  {
    files: ['app/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...Object.values(never)],
    },
  },
  {
    // Where the machine's clock and the environment come in.
    files: ['app/clock.ts', 'app/clock.server.ts'],
    rules: { 'no-restricted-syntax': ['error', never.moduleMock, never.environment, never.joinedSql] },
  },
  {
    files: ['app/worker.server.ts', 'app/server/start.server.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        never.moduleMock,
        never.machineClock,
        never.sqlClock,
        never.joinedSql,
      ],
    },
  },
  {
    files: ['**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'module',
          'process',
          'console',
          'URL',
          'Buffer',
          'setTimeout',
          'window',
          'document',
          'fetch',
          'self',
        ].map((n) => [n, 'readonly']),
      ),
    },
  },
);
