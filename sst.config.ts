/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app({ stage }) {
    const production = stage === 'production';
    return {
      name: 'semblance',
      home: 'aws',
      // What `sst remove` may take with it; a production stage keeps its buckets and rejects to be removed.
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: {
        aws: {
          version: '7.20.0',
          region: 'eu-central-1',
          defaultTags: { tags: { app: 'semblance', stage } },
        },
        'docker-build': '0.0.22',
        random: '4.16.6',
      },
    };
  },

  async run() {
    const { createEmbed } = await import('./stacks/embed.ts');
    const { createEvents } = await import('./stacks/events.ts');
    const { createImage } = await import('./stacks/image.ts');
    const { createMonitoring } = await import('./stacks/monitoring.ts');
    const { createSearch } = await import('./stacks/search.ts');
    const { createSecrets } = await import('./stacks/secrets.ts');
    const { createSite } = await import('./stacks/site.ts');
    const { createStorage } = await import('./stacks/storage.ts');

    const secrets = createSecrets();
    const site = createSite();
    const storage = createStorage({ pageOrigin: site.url });
    const events = createEvents({ originals: storage.originals });
    const image = createImage();
    const parts = { secrets, storage, events, image };
    const embed = createEmbed(parts);
    const search = createSearch({ ...parts, pageOrigin: site.url });
    site.router.route('/api', search.url, { readTimeout: '30 seconds' });
    createMonitoring({ events, embed, search, alarmEmail: secrets.alarmEmail });

    return {
      url: site.url,
      api: $interpolate`${site.url}/api`,
      bucket: storage.originals.bucket,
      derivedBucket: storage.derived.bucket,
      models: image.models.join(', '),
      idNamespace: storage.idNamespace,
    };
  },
});
