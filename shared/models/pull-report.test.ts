import { expect, it } from 'vitest';
import { createProgressLine } from '../progress.ts';
import { pullReporter } from './pull-report.ts';

it('shows size, file, megabytes, speed and time left, and the result', () => {
  const lines: string[] = [];
  let now = 0;
  const report = pullReporter(createProgressLine({ write: text => lines.push(text) }, () => now));
  const progress = { type: 'progress', file: 'onnx/vision_model_quantized.onnx', total: 89_117_001 } as const;
  report({ type: 'start', model: 'clip', bytes: 155_851_446, from: 'https://hub.example' });
  report({
    ...progress,
    file: 'config.json',
    total: 496,
    received: 496,
    bytesPerSecond: 0,
    secondsLeft: null,
  });
  report({ ...progress, received: 44_558_500, bytesPerSecond: 12_300_000, secondsLeft: 3.6 });
  now = 5_000;
  report({ type: 'retry', file: progress.file, reason: 'nothing came for 30 s', waitMs: 800 });
  report({ ...progress, received: 89_117_001, bytesPerSecond: 12_300_000, secondsLeft: 0 });
  report({ type: 'waiting', model: 'clip' });
  report({ type: 'done', model: 'clip', folder: '/data/models' });
  expect(lines.join('')).toBe(
    `Fetching clip (155.9 MB, once) from https://hub.example
[##########----------]  49 %  44.6 MB of 89.1 MB  12.3 MB/s  4 s left  onnx/vision_model_quantized.onnx
nothing came for 30 s; trying again in 1 s
[####################] 100 %  89.1 MB of 89.1 MB  12.3 MB/s  onnx/vision_model_quantized.onnx
Another process is fetching clip; waiting for it
clip is in /data/models
`,
  );
});
