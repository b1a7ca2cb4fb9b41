const conditions = ['millrace-source'];

/** Tests run from source: the private export condition is resolved before `dist`. */
export const sourceResolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};
