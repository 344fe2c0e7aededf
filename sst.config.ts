/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  async app({ stage }) {
    const { readSettings } = await import('./stacks/settings.ts');
    // SST's CLI runs in the project's folder.
    const { region } = readSettings(process.cwd(), stage);
    const production = stage === 'production';
    return {
      name: 'semblance',
      home: 'aws',
      // What `sst remove` may take with it; a production stage keeps its buckets and can't be removed by mistake.
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: {
        aws: {
          version: '7.20.0',
          region,
          defaultTags: { tags: { app: 'semblance', stage } },
        },
        'docker-build': '0.0.22',
        random: '4.16.6',
        tls: '5.0.1',
      },
    };
  },

  async run() {
    const { createEmbed } = await import('./stacks/embed.ts');
    const { createEvents } = await import('./stacks/events.ts');
    const { createImage } = await import('./stacks/image.ts');
    const { createMediaKey } = await import('./stacks/media.ts');
    const { createMonitoring } = await import('./stacks/monitoring.ts');
    const { createSearch } = await import('./stacks/search.ts');
    const { createSecrets } = await import('./stacks/secrets.ts');
    const { createSite } = await import('./stacks/site.ts');
    const { createDerived, createStorage } = await import('./stacks/storage.ts');

    const secrets = createSecrets();
    const derived = createDerived();
    const mediaKey = createMediaKey();
    const site = createSite({ derived, mediaKey });
    const storage = createStorage({ pageOrigin: site.url, derived });
    const events = createEvents(storage);
    const image = createImage();
    const parts = { secrets, storage, events, image };
    const embed = createEmbed(parts);
    const search = createSearch({ ...parts, site, mediaKey });
    site.router.route('/api', search.url, { readTimeout: '30 seconds' });
    createMonitoring({ events, embed, search, alarmEmail: secrets.alarmEmail });

    return {
      url: site.url,
      api: $interpolate`${site.url}/api`,
      bucket: storage.originals.bucket,
      uploadsBucket: storage.uploads.bucket,
      queueUrl: events.queue.url,
      derivedBucket: storage.derived.bucket,
      models: image.models.join(', '),
      idNamespace: storage.idNamespace,
    };
  },
});
