import type { Events } from './events.ts';
import { currentStage } from './stage.ts';

type Monitored = {
  events: Events;
  embed: aws.lambda.Function;
  search: { function: aws.lambda.Function };
  alarmEmail: $util.Input<string>;
};

/** Who gets a mail when something is wrong, a page of graphs, and a budget. */
export function createMonitoring({ events, embed, search, alarmEmail }: Monitored) {
  const prefix = `${$app.name}-${$app.stage}`;
  const topic = new aws.sns.Topic('Alarms', { name: `${prefix}-alarms` });
  new aws.sns.TopicSubscription('AlarmsByMail', {
    topic: topic.arn,
    protocol: 'email',
    endpoint: alarmEmail,
  });

  const deadLetters = { QueueName: events.deadLetters.nodes.queue.name };
  const queue = { QueueName: events.queue.nodes.queue.name };
  const embedding = { FunctionName: embed.name };
  const searching = { FunctionName: search.function.name };

  const alarm = (name: string, args: Alarm) =>
    new aws.cloudwatch.MetricAlarm(name, {
      name: `${prefix}-${name}`,
      alarmDescription: args.description,
      namespace: args.namespace,
      metricName: args.metric,
      dimensions: args.of,
      statistic: args.statistic,
      period: args.seconds ?? 300,
      evaluationPeriods: args.periods,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: args.above,
      treatMissingData: 'notBreaching',
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });

  alarm('dead-letters', {
    description:
      'Messages that can not be understood, or that no function took; see docs/deploy.md, "Dead letters".',
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    of: deadLetters,
    statistic: 'Maximum',
    periods: 1,
    above: 0,
  });
  alarm('sweep-rejected', {
    description:
      'The nightly sweep found most images gone and dropped nothing. If they are really gone, run ' +
      `\`npm run semblance -- reconcile --stage ${$app.stage} --allow-drop\`; see docs/deploy.md.`,
    namespace: 'Semblance',
    metric: 'SweepRejected',
    of: { service: 'embed' },
    statistic: 'Sum',
    // Of a day, so that it sends one mail and not one every night.
    seconds: 86_400,
    periods: 1,
    above: 0,
  });
  alarm('indexing-waits', {
    description:
      'Index, bucket or model have been away for a quarter of an hour; what is queued waits for them. ' +
      `\`npm run semblance -- doctor --stage ${$app.stage}\` says which.`,
    namespace: 'Semblance',
    metric: 'Held',
    of: { service: 'embed' },
    statistic: 'Sum',
    periods: 3,
    above: 0,
  });
  alarm('oldest-message', {
    description: 'An image has waited for an hour to be indexed.',
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    of: queue,
    statistic: 'Maximum',
    periods: 1,
    above: 3600,
  });
  for (const [name, of] of [
    ['embed', embedding],
    ['search', searching],
  ] as const) {
    alarm(`${name}-errors`, {
      description: `The ${name} function failed as a whole (crash, time-out, out of memory).`,
      namespace: 'AWS/Lambda',
      metric: 'Errors',
      of,
      statistic: 'Sum',
      periods: 1,
      above: 0,
    });
    alarm(`${name}-throttles`, {
      description: `The ${name} function was rejected for a quarter of an hour; raise the account's concurrency.`,
      namespace: 'AWS/Lambda',
      metric: 'Throttles',
      of,
      statistic: 'Sum',
      periods: 3,
      above: 0,
    });
  }
  alarm('search-5xx', {
    description: 'The API responded with 5xx; its log has the request ids.',
    namespace: 'AWS/Lambda',
    metric: 'Url5xxCount',
    of: searching,
    statistic: 'Sum',
    periods: 1,
    above: 5,
  });

  createDashboard(prefix, { deadLetters, queue, embedding, searching });

  // Of the whole account: a budget by tag counts nothing until the tag is activated by hand.
  new aws.budgets.Budget('Budget', {
    name: `${prefix}-monthly`,
    budgetType: 'COST',
    timeUnit: 'MONTHLY',
    limitAmount: String(currentStage().budget),
    limitUnit: 'USD',
    notifications: [
      { notificationType: 'ACTUAL', threshold: 80 },
      { notificationType: 'FORECASTED', threshold: 100 },
    ].map(limit => ({
      ...limit,
      comparisonOperator: 'GREATER_THAN',
      thresholdType: 'PERCENTAGE',
      subscriberEmailAddresses: [alarmEmail],
    })),
  });
}

type Alarm = {
  description: string;
  namespace: string;
  metric: string;
  of: Record<string, $util.Input<string>>;
  statistic: 'Sum' | 'Maximum';
  /** A period in s; default five minutes. */
  seconds?: number;
  /** The number of periods in a row. */
  periods: number;
  above: number;
};

type Dimension = { QueueName: $util.Output<string> } | { FunctionName: $util.Output<string> };

function createDashboard(
  prefix: string,
  of: Record<'deadLetters' | 'queue' | 'embedding' | 'searching', Dimension>,
) {
  const { region } = aws.getRegionOutput();
  /** A graph of metrics [namespace, name, dimension, statistic]. */
  const graph = (title: string, metrics: [string, string, Dimension, string][]) => ({
    type: 'metric',
    width: 12,
    height: 6,
    properties: {
      title,
      region,
      period: 300,
      metrics: metrics.map(([namespace, metric, dimension, stat]) => [
        namespace,
        metric,
        ...Object.entries(dimension).flat(),
        { stat },
      ]),
    },
  });
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: prefix,
    dashboardBody: $jsonStringify({
      widgets: [
        graph('Images waiting, dead', [
          ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', of.queue, 'Maximum'],
          ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', of.deadLetters, 'Maximum'],
        ]),
        graph('Longest wait, s', [['AWS/SQS', 'ApproximateAgeOfOldestMessage', of.queue, 'Maximum']]),
        graph('Embed: time of a batch, ms', [
          ['AWS/Lambda', 'Duration', of.embedding, 'p50'],
          ['AWS/Lambda', 'Duration', of.embedding, 'p95'],
        ]),
        graph('Embed: batches, errors, throttles', [
          ['AWS/Lambda', 'Invocations', of.embedding, 'Sum'],
          ['AWS/Lambda', 'Errors', of.embedding, 'Sum'],
          ['AWS/Lambda', 'Throttles', of.embedding, 'Sum'],
        ]),
        graph('Search: time of a response, ms', [
          ['AWS/Lambda', 'UrlRequestLatency', of.searching, 'p50'],
          ['AWS/Lambda', 'UrlRequestLatency', of.searching, 'p95'],
        ]),
        graph('Search: requests, 4xx, 5xx', [
          ['AWS/Lambda', 'UrlRequestCount', of.searching, 'Sum'],
          ['AWS/Lambda', 'Url4xxCount', of.searching, 'Sum'],
          ['AWS/Lambda', 'Url5xxCount', of.searching, 'Sum'],
        ]),
      ],
    }),
  });
}
