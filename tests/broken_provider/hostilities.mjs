// What a server can do to whoever asks it, instead of answering: each a function that spoils every path of a BrokenProvider.
const everywhere = (answer) => ({ routes }) => {
  routes.clear();
  routes.set('*', answer);
};
const asJson = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };

export const hostilities = {
  'an answer without end': everywhere({
    raw: (response) => {
      response.writeHead(200, asJson);
      const more = () => response.destroyed || response.write('['.repeat(65_536), () => setImmediate(more));
      more();
    },
  }),
  'an answer that drips': everywhere({
    raw: (response) => {
      response.writeHead(200, asJson);
      const drip = setInterval(() => response.write('['), 50);
      response.on('close', () => clearInterval(drip));
    },
  }),
  'no answer at all': everywhere({ raw: () => {} }),
  'a connection that is closed': everywhere({ raw: (response) => response.destroy() }),
  'a redirect to itself': everywhere((request) => ({ status: 302, headers: { location: request.url }, body: '' })),
  'a hundred megabytes': everywhere({
    raw: (response) => {
      response.writeHead(200, { ...asJson, 'content-length': 100_000_000 });
      let left = 100;
      const more = () => response.destroyed || (left-- > 0 ? response.write('x'.repeat(1_000_000), more) : response.end());
      more();
    },
  }),
  'a text that is no JSON': everywhere({ status: 200, headers: asJson, body: '{"issuer": \u0000\u001b[31m"x", ]]' }),
  'JSON that is ten thousand levels deep': everywhere({ status: 200, headers: asJson, body: '[{"a":'.repeat(10_000) }),
  'a header of ten megabytes': everywhere({
    raw: (response) => {
      response.socket.write('HTTP/1.1 200 OK\r\n');
      const line = `X-Bomb: ${'x'.repeat(8_000)}\r\n`;
      let left = 1250;
      const more = () => response.socket?.destroyed || (left-- > 0 ? response.socket?.write(line, more) : response.socket?.end());
      more();
    },
  }),
  'headers of the wrong kind': everywhere({
    status: 401, date: 'now', body: '{}', headers: { 'content-type': 'application/json', 'www-authenticate': `Bearer resource_metadata="${'\\"'.repeat(5_000)}`, location: '\u009b31m' },
  }),
};
