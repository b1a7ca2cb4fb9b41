const conditions = ['millrace-source'];

/** Tests run from source: the private export condition is resolved before `dist`. */
export const sourceResolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};

/** How long a test may wait before it has failed. Far beyond what any takes, so that a busy machine fails none. */
export const patience = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
};
