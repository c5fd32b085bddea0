/** The folders of `src/shared`, from the ground up: each may import those before it, and no others. */
const sharedFolders = [
  'lib',
  'errors',
  'config',
  'validation',
  'access',
  'database',
  'events',
  'http',
  'openapi',
  'observability',
  'background',
];

/** Which features each may import, see docs/architecture.md. Nothing is allowed to a feature that no list names. */
const mayImport = {
  limits: [],
  messaging: [],
  audit: [],
  users: ['limits'],
  notifications: ['users', 'messaging', 'audit'],
  auth: ['users', 'messaging', 'audit', 'limits'],
  verification: ['users', 'messaging', 'audit', 'limits'],
  passwords: ['users', 'messaging', 'audit', 'limits'],
};

const notPartOfAFeature = ['shared', 'migrations'];

const openToAll = ['^src/shared/', '^src/migrations/', '^src/[^/]+/index\\.ts$'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shared-stands-below-all',
      comment: 'shared imports no feature, and nothing of what puts the application together.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^(src|[^/]+\\.ts$)', pathNot: '^src/shared/' },
    },
    {
      name: 'shared-has-no-other-folders',
      comment: 'Give a new folder of src/shared its place in sharedFolders, above.',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: `^src/shared/(${sharedFolders.join('|')})/` },
      to: {},
    },
    ...sharedFolders.map((folder, index) => ({
      name: `arrows-of-shared-${folder}`,
      comment: `src/shared/${folder} may import: ${sharedFolders.slice(0, index).join(', ') || 'nothing of src'}.`,
      severity: 'error',
      from: { path: `^src/shared/${folder}/` },
      to: { path: '^src/shared/', pathNot: `^src/shared/(${sharedFolders.slice(0, index + 1).join('|')})/` },
    })),
    {
      name: 'application-stands-above-all',
      comment: 'Only the files beside it know what puts the application together.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: ['^src/[^/]+$', '^[^/]+\\.ts$'] },
    },
    ...Object.entries(mayImport).map(([feature, others]) => ({
      name: `arrows-of-${feature}`,
      comment: `${feature} may import: ${['shared', ...others].join(', ')}.`,
      severity: 'error',
      from: { path: `^src/${feature}/` },
      to: {
        path: '^src/[^/]+/',
        pathNot: `^src/(${[feature, 'shared', ...others].join('|')})/`,
      },
    })),
    {
      name: 'arrows-of-a-new-feature',
      comment: 'Say in mayImport, above, what the new feature may import.',
      severity: 'error',
      from: {
        path: '^src/([^/]+)/',
        pathNot: `^src/(${[...Object.keys(mayImport), ...notPartOfAFeature].join('|')})/`,
      },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/shared/'] },
    },
    {
      name: 'features-through-their-index',
      comment: "Another feature's contract is its index.ts.",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', ...openToAll] },
    },
    {
      name: 'application-through-their-index',
      comment: 'The files that put the application together keep to the contracts, too.',
      severity: 'error',
      from: { path: ['^src/[^/]+$', '^[^/]+\\.ts$'] },
      to: { path: '^src/[^/]+/', pathNot: openToAll },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'resolvable',
      comment: 'What cannot be resolved is checked by none of the rules above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^(src/|[^/]+\\.ts$)' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
