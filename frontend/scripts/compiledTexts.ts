import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

/** A catalogue as it stands in the source: one object of texts by id. */
const source = /export const (\w+) = (\{[\s\S]*\})\s*;?\s*(?:export \{\};?\s*)?$/;

/**
 * Compiles the texts of every messages.en.ts and messages.de.ts when the
 * application is built, so that no parser of messages is shipped.
 */
export function compiledTexts(): Plugin {
  return {
    name: 'compiled-texts',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!/\/messages\.(en|de)\.ts$/.test(id)) return undefined;
      const found = source.exec(code);
      if (!found?.[1] || !found[2]) this.error(`${id} is not one exported object of texts`);
      const texts = new Function(`return (${found[2]});`)() as Record<string, string>;
      const compiled = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, compileMessage(text)]));
      return { code: `export const ${found[1]} = ${JSON.stringify(compiled)};`, map: null };
    },
  };
}
