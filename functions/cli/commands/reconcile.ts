import type { Command } from 'commander';
import { Option } from 'commander';
import { sweep } from '../../../shared/indexing/sweep.ts';
import type { SweepReport } from '../../../shared/indexing/sweep-options.ts';
import { counted } from '../../../shared/progress.ts';
import { passedOverText } from '../../local/progress-text.ts';
import { assertReadsWords, type GalleryOptions, withGallery, withGalleryOptions } from '../gallery.ts';
import { response } from '../session.ts';

const HELP = `
It finds images that were added, changed or removed while nothing watched, and updates the index.
If more than 30 % of the images would be dropped it stops: most likely a drive is not mounted.

Examples:
  npm run semblance -- reconcile --dry-run
  npm run semblance -- reconcile --missing ocr     images whose words were never read, or not all of them,
                                                   or by an earlier version
  npm run semblance -- reconcile --allow-drop
  npm run semblance -- reconcile --stage production --allow-drop`;

type ReconcileOptions = GalleryOptions & {
  readonly dryRun?: boolean;
  readonly allowDrop?: boolean;
  readonly missing?: 'ocr';
};

export const addReconcile = (program: Command): void => {
  withGalleryOptions(program.command('reconcile'))
    .description('make the index agree with the folder, or with the bucket of a stage')
    .option('--dry-run', 'only print what differs')
    .option('--allow-drop', 'drop images even if most of them are gone')
    .addOption(
      new Option('--missing <what>', 'also do for each image what was never done for it').choices(['ocr']),
    )
    .addHelpText('after', HELP)
    .action(async (options: ReconcileOptions) => {
      await withGallery(options, async gallery => {
        const { sweepDeps, line, signal } = gallery;
        if (options.missing) assertReadsWords(gallery);
        const report = await sweep(sweepDeps, {
          signal,
          dryRun: options.dryRun === true,
          allowDrop: options.allowDrop === true,
          retryWords: options.missing === 'ocr',
          onProgress: compared => line.update(`Compared ${counted(compared, 'image')}`),
        });
        line.end('');
        const settled = options.dryRun || (await gallery.settle());
        const follows = settled || report.queued === 0 ? '' : ' The stage works on them now.';
        response(options.json, report, sentences(report, options.dryRun === true) + follows);
      });
    });
};

function sentences(report: SweepReport, dryRun: boolean): string {
  const parts = [
    [report.added, 'to index'],
    [report.changed, 'changed'],
    [report.annotated, 'with other annotations'],
    [report.dropped, 'gone'],
    [report.redone, 'to index again'],
    [report.wordless, 'whose words are to be read'],
    [report.reread, 'whose words are to be read again, by a newer reader'],
    [report.retried, 'to be tried again'],
    [report.leftovers, 'left-over records'],
  ] as const;
  const differing = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const failed =
    report.failed > 0 ? ` ${report.failed} can't be indexed: see \`npm run semblance -- failures\`.` : '';
  const passedOver = passedOverText(report.passedOver);
  const found =
    differing.length === 0
      ? `${counted(report.objects, 'image')}; the index agrees with them.${failed}`
      : `${counted(report.objects, 'image')}; ${differing.join(', ')}.${dryRun ? ' Nothing was changed.' : ''}${failed}`;
  return passedOver === '' ? found : `${found}\n${passedOver}`;
}
