import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/*
 * To be loaded before a program by `node --import`: when the program ends, the names of the packages that it loaded are
 * written to the file RECORDED_PACKAGES, one a line.
 */
const packages = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
    if (name) packages.add(name);
    return nextLoad(url, context);
  },
});
process.once('exit', () => writeFileSync(process.env['RECORDED_PACKAGES'] ?? '', [...packages].join('\n')));
