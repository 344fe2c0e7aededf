import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { galleryImage } from '../local/images.ts';
import { runSemblance } from './semblance.ts';

const MAIN = join(import.meta.dirname, '../../functions/cli/main.ts');

let root: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-cli-'));
  folder = join(root, 'images');
  await mkdir(folder);
  for (const part of ['panda', 'rocket', 'rainbow']) {
    await copyFile(await galleryImage(part), join(folder, `${part}.webp`));
  }
  await writeFile(join(folder, 'letter.jpg'), 'Dear Sir or Madam');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const semblance = (args: readonly string[], environment: Record<string, string> = {}) =>
  runSemblance(args, {
    SEMBLANCE_DATA: join(root, 'data'),
    SEMBLANCE_MODEL: 'demo',
    SEMBLANCE_OCR: 'off',
    ...environment,
  });

/** Runs a command line of the shell. */
async function shell(line: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)('bash', ['-c', line]);
}

const hitsSchema = z.array(z.object({ id: z.uuid(), score: z.number(), file: z.string() }));

describe('a folder', () => {
  beforeAll(async () => {
    expect(await semblance(['index', folder])).toMatchObject({
      code: 0,
      stdout: "3 images indexed, 1 can't be: see `npm run semblance -- failures`.\n",
    });
  });

  it('that is indexed again still says what is not indexed', async () => {
    expect((await semblance(['index', folder])).stdout).toMatch(/^3 images indexed, 1 can't be/);
  });

  it('is searched by text, with files as the response', async () => {
    const { code, stdout } = await semblance(['search', '熊猫', '--count', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0\.\d{3} {2}.*images\/panda\.webp\n$/);
  });

  it('is searched by text and image together, as JSON', async () => {
    const { stdout } = await semblance(['search', 'space', '--image', join(folder, 'rocket.webp'), '--json']);
    expect(hitsSchema.parse(JSON.parse(stdout))[0]?.file).toBe(join(folder, 'rocket.webp'));
  });

  it('has images like one, which is left out itself', async () => {
    const { stdout } = await semblance(['similar', join(folder, 'panda.webp'), '--json']);
    const files = hitsSchema.parse(JSON.parse(stdout)).map(({ file }) => file);
    expect(files).toHaveLength(2);
    expect(files).not.toContain(join(folder, 'panda.webp'));
  });

  it('has images like one from elsewhere', async () => {
    const elsewhere = await galleryImage('panda');
    const { stdout } = await semblance(['similar', elsewhere, '--count', '1', '--json']);
    expect(hitsSchema.parse(JSON.parse(stdout))[0]?.file).toBe(join(folder, 'panda.webp'));
  });

  it('lists what could not be indexed, and tries it again', async () => {
    const { stdout } = await semblance(['failures']);
    expect(stdout).toMatch(/^letter\.jpg\n {2}not_an_image: .+\n$/);
    const retried = await semblance(['failures', 'retry', '--json']);
    expect(JSON.parse(retried.stdout)).toEqual({ retried: 1, failed: 1 });
  });

  it('agrees with the index, and a dry run changes nothing', async () => {
    await copyFile(await galleryImage('pizza'), join(folder, 'pizza.webp'));
    const dry = await semblance(['reconcile', '--dry-run', '--json']);
    expect(JSON.parse(dry.stdout)).toMatchObject({ objects: 5, added: 1, queued: 1 });
    const again = await semblance(['reconcile', '--dry-run', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 1 });
    expect((await semblance(['reconcile'])).code).toBe(0);
    const { stdout } = await semblance(['reconcile', '--dry-run']);
    expect(stdout).toMatch(/the index agrees with them/);
  });
});

describe('an index that finds nothing', () => {
  it('says that nothing is indexed yet', async () => {
    const { code, stdout, stderr } = await semblance(['search', 'x'], { SEMBLANCE_DATA: join(root, 'new') });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing was found.\n' });
    expect(stderr).toMatch(/^No image of .*gallery is indexed yet: run `npm run semblance -- index`\.\n$/);
  });

  it('says that a folder has no images', async () => {
    const empty = join(root, 'empty');
    await mkdir(empty);
    const { stderr } = await semblance(['index', empty], { SEMBLANCE_DATA: join(root, 'new') });
    expect(stderr).toContain(`There are no images in ${empty}.`);
  });

  it('says that it was damaged, and how it is rebuilt', async () => {
    const data = join(root, 'damaged');
    expect((await semblance(['index', folder], { SEMBLANCE_DATA: data })).code).toBe(0);
    const files = await readdir(data, { recursive: true });
    for (const file of files.filter(name => /index-[0-9a-f]+\.db$/.test(name))) {
      await writeFile(join(data, file), 'no database '.repeat(1_000));
    }
    const { stderr } = await semblance(['search', 'x'], { SEMBLANCE_DATA: data });
    expect(stderr).toMatch(/The index was damaged and is kept as .*damaged-1; .*rebuilds it/);
  });
});

describe('help', () => {
  it.each([
    [['--help']],
    [['index', '--help']],
    [['search', '--help']],
    [['similar', '--help']],
    [['reconcile', '--help']],
    [['failures', '--help']],
    [['trash', '--help']],
    [['models', '--help']],
    [[]],
    [['models']],
  ])('of %j has examples', async args => {
    const { code, stdout } = await semblance(args);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:');
  });
});

describe('output that can not be written', () => {
  it.skipIf(process.platform !== 'linux')('to a full disk ends in one sentence', async () => {
    const { stdout, stderr } = await shell(`"${process.execPath}" "${MAIN}" models list >/dev/full; echo $?`);
    expect(stdout).toBe('1\n');
    expect(stderr).toBe('semblance: The output ends here: there is no space left.\n');
  });

  it('to a pipe that is closed ends in one sentence, and is no failure', async () => {
    const { stdout, stderr } = await shell(
      `( "${process.execPath}" "${MAIN}" --help; echo $? >&2 ) | true; wait`,
    );
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^(?:semblance: The output ends here: whoever read it has closed it\.\n)?0\n$/);
  });
});

describe('wrong words', () => {
  it.each([
    [['serch'], /unknown command 'serch' \(Did you mean search\?\)\. Run/],
    [['search'], /nothing to search for/],
    [['search', 'x', '--count', '0'], /count: .*greater than or equal to 1/],
    [['search', 'x', '--skip=-1'], /skip: .*greater than or equal to 0/],
    [['search', 'x'.repeat(10_000), '--folder', '/nowhere'], /no folder/],
    [['similar', 'no-such-image'], /neither a file nor an id/],
    [['similar', 'x', '--count', 'many'], /--count many/],
    [['index', '/nowhere'], /There is no folder \/nowhere/],
    [['reconcile', '--missing', 'everything'], /Allowed choices are ocr/],
    [['trash', 'restore'], /Name the ids to restore, or --all/],
    [['trash', 'empty', 'all'], /'all' is invalid.*It is no id/],
  ])('%j: one line that helps, exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await semblance(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    [{ SEMBLANCE_FOO: '1' }, /SEMBLANCE_FOO is not a variable of Semblance/],
    [{ PORT: 'http' }, /^semblance: PORT: must be a whole number from 0 to 65535\./],
    [{ PORT: '99999' }, /^semblance: PORT: .*65535\./],
    [{ SEMBLANCE_MODEL: 'gpt' }, /gpt/],
  ])('configuration %j: one line that helps, exit code 2', async (environment, message) => {
    const { code, stderr } = await semblance(['index', folder], environment);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('a data folder that is a file is named', async () => {
    await writeFile(join(root, 'file'), '');
    const { code, stderr } = await semblance(['index', folder], { SEMBLANCE_DATA: join(root, 'file') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/can't be written.*Make the data folder writable/);
  });
});

describe('models and doctor', () => {
  it('lists the models, the bundled one present', async () => {
    const { stdout } = await semblance(['models', 'list', '--json']);
    const rows = z.array(z.object({ name: z.string(), present: z.boolean() })).parse(JSON.parse(stdout));
    expect(rows.find(({ name }) => name === 'demo')).toMatchObject({ present: true });
    expect(rows.find(({ name }) => name === 'clip-vit-base-patch32')).toMatchObject({ present: false });
  });

  it('prints the configuration without secrets', async () => {
    const { code, stdout } = await semblance(['doctor'], { SEMBLANCE_ADMIN_TOKENS: 'hunter2,hunter3' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/SEMBLANCE_ADMIN_TOKENS +\(set, hidden\)/);
    expect(stdout).not.toContain('hunter');
  });

  it('names what is damaged among what it checks, instead of stopping there', async () => {
    const data = join(root, 'damaged');
    await mkdir(join(data, 'sources', 'images'), { recursive: true });
    await writeFile(join(data, 'sources', 'images', 'source.json'), '{"folder":');
    const { code, stdout } = await semblance(['doctor'], { SEMBLANCE_DATA: data });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^BAD {2}Folders: .*source\.json is damaged; restore it/m);
    expect(stdout).toMatch(/^ok {3}Node: /m);
  });
});
