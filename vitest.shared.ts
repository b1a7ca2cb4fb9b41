/** Tests run from source: the private export condition is resolved before `dist`. */
export const sourceResolution = {
  resolve: { conditions: ['millrace-source'] },
  ssr: { resolve: { conditions: ['millrace-source'], externalConditions: ['millrace-source'] } },
} as const;
