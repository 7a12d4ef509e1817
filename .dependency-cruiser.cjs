// Who may import whom (docs/architecture.md, "The house"). Rooms depend in the order of the data.
const ORDER = ['intake', 'history', 'value', 'segments', 'activation', 'pipeline'];
const COMPOSITION =
  '^app/(routes|server|jobs|privacy)/|^app/(root|entry[.]\\w+|worker[.]server|context[.]server|load-context)';
const ROOMS = [...ORDER, 'shopify', 'db', 'ui'];

const rooms = ORDER.map((room, index) => ({
  name: `${room}-imports-only-what-comes-before-it`,
  comment: `Rooms depend in the order of the data: ${ORDER.join(' <- ')}.`,
  severity: 'error',
  from: { path: `^app/${room}/` },
  to: {
    path: `^app/(${[...ORDER.slice(index + 1), 'routes', 'server', 'jobs', 'privacy', 'ui'].join('|')})/`,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'shopify-and-db-are-leaves',
      comment: 'shopify and db know no other room; everybody may use them.',
      severity: 'error',
      from: { path: '^app/(shopify|db)/' },
      to: { path: '^app/(?!shopify/|db/)[^/]+/' },
    },
    {
      name: 'pure-files-do-no-io',
      comment:
        'name.ts is pure: no .server file, no node: module, no database driver; usable in the browser.',
      severity: 'error',
      from: {
        path: `^app/(${ROOMS.join('|')})/|^app/[^/]+[.]ts$`,
        pathNot: '[.]server[.]tsx?$|^app/db/generated/|[.]d[.]ts$',
      },
      to: {
        path: '[.]server[.]tsx?$|^(node:|fs$|crypto$|path$)|node_modules/(pg|pg-boss|@prisma|pino|express)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-room-uses-composition',
      comment: 'No room uses a route, the server, a job handler or the context that composes them.',
      severity: 'error',
      from: { path: `^app/(${ROOMS.join('|')})/` },
      to: { path: COMPOSITION },
    },
    {
      name: 'privacy-is-used-by-composition-only',
      severity: 'error',
      comment: 'privacy/ uses every room and is used by jobs, server and routes only.',
      from: { path: '^app/', pathNot: '^app/(privacy|jobs|server|routes)/' },
      to: { path: '^app/privacy/' },
    },
    {
      name: 'the-app-does-not-know-the-sandbox',
      comment: 'The sandbox is reached over HTTP only.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^(sandbox|scripts|test|bench)/' },
    },
    {
      name: 'the-sandbox-does-not-know-the-app',
      comment:
        'The sandbox shares only the reader of order exports, money, local dates and the kinds of clock with the app.',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: {
        path: '^app/',
        pathNot: '^app/(intake/export/|(money|local-date|clock|app-error)[.]ts|config[.]server[.]ts)',
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'A circle has no order.',
      from: { path: '^(app|sandbox)/', pathNot: 'generated' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'app/db/generated|app/shopify/types' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
