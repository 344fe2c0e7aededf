import { readSettings, type Settings } from './settings.ts';

type Stage = Settings & {
  /** Keeps data when removed, keeps old versions, and can't be removed by mistake. */
  production: boolean;
};

/** The stage that is being deployed: a personal one (any name), `staging` or `production`. */
export const currentStage = (): Stage => ({
  ...readSettings($cli.paths.root, $app.stage),
  production: $app.stage === 'production',
});
