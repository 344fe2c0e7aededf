/** A running server, wherever it runs: the suite speaks HTTP to it and nothing else. */
export type Server = {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Undefined: none is configured. */
  readonly accessToken: string | undefined;
  readonly adminToken: string | undefined;
};
