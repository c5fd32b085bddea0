// What `node dist/main.js` runs: the compiler keeps the tree's shape (dist/src, dist/ormconfig.js), so the entry
// that operators know stands here and points into it.
import './src/main.js';
