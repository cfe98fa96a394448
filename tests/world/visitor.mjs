// A person's browser, as far as HTTP goes: cookies per origin and name, redirects followed by hand, forms read from the page and sent.
import assert from 'node:assert/strict';

const unescape = (text) =>
  text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))).replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

function attributes(tag) {
  const found = {};
  for (const [, name, , double, single] of tag.matchAll(/([a-zA-Z-]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g)) found[name.toLowerCase()] = unescape(double ?? single ?? '');
  return found;
}

export class Page {
  constructor(url, status, headers, text) {
    Object.assign(this, { url, status, headers, text });
  }

  get location() {
    const location = this.headers.get('location');
    return location === null ? undefined : new URL(location, this.url).href;
  }

  /** Where the page goes on by itself (`Refresh`). */
  get refresh() {
    const url = this.headers.get('refresh')?.match(/^0;url=(.*)$/)?.[1];
    return url === undefined ? undefined : new URL(url, this.url).href;
  }

  /** The forms: { action, method, fields, buttons }. */
  get forms() {
    return [...this.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head, inside]) => {
      const { action = '', method = 'get' } = attributes(head);
      const fields = {};
      for (const [, tag] of inside.matchAll(/<(?:input|textarea|select)\b([^>]*)>/g)) {
        const { name, value = '', type = 'text' } = attributes(tag);
        if (name && !['submit', 'checkbox', 'radio'].includes(type)) fields[name] = value;
      }
      const buttons = [...inside.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)].map(([, tag, label]) => ({ ...attributes(tag), label: label.replace(/<[^>]*>/g, '').trim() }));
      return { action: new URL(action || this.url, this.url).href, method: method.toLowerCase(), fields, buttons };
    });
  }

  form(matching) {
    const found = this.forms.find((form) => matching.test(form.action) || form.buttons.some((button) => matching.test(button.label)));
    assert.ok(found, `no form matches ${matching} on ${this.url}:\n${this.text}`);
    return found;
  }

  get words() {
    return unescape(this.text.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();
  }
}

export class Visitor {
  constructor() {
    this.cookies = new Map();
  }

  /** One request; redirects are the caller's to follow. */
  async request(url, { method = 'GET', body, headers = {} } = {}) {
    const { hostname, origin } = new URL(url);
    const jar = this.cookies.get(hostname) ?? new Map();
    const sent = { ...headers };
    if (jar.size > 0) sent.cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (method === 'POST') sent.origin ??= origin;
    const answer = await fetch(url, { method, body, headers: sent, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie?.() ?? splitSetCookie(answer.headers.get('set-cookie'))) {
      const [pair, ...more] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      const gone = more.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
      if (gone) jar.delete(name);
      else jar.set(name, pair.slice(pair.indexOf('=') + 1).trim());
    }
    this.cookies.set(hostname, jar);
    return new Page(url, answer.status, answer.headers, await answer.text());
  }

  get(url) {
    return this.request(url);
  }

  /** Follows redirects, and pages that go on by themselves, up to the first answer that is neither, or to the first that leads to `until`. */
  async follow(page, { until } = {}) {
    for (let i = 0; i < 10 && (page.location ?? page.refresh) !== undefined; ++i) {
      if (page.location !== undefined && until?.test(page.location)) return page;
      assert.equal(page.status, page.location === undefined ? 200 : 303, `${page.url} led on with ${page.status}`);
      page = await this.get(page.location ?? page.refresh);
    }
    return page;
  }

  /** Sends a form with some fields filled in. `button`: which one is pressed. */
  submit(form, fields = {}, button) {
    const pressed = button ? form.buttons.find(({ label, value }) => button.test(label) || button.test(value ?? '')) : undefined;
    assert.ok(!button || pressed, `no button matches ${button}`);
    const body = new URLSearchParams({ ...form.fields, ...fields, ...(pressed?.name ? { [pressed.name]: pressed.value } : {}) });
    return this.request(form.action, { method: 'POST', body: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  }

  async signIn(page, email, password) {
    const form = page.forms.find(({ fields }) => 'password' in fields);
    assert.ok(form, `no sign-in form on ${page.url}:\n${page.text}`);
    return this.submit(form, { email, password });
  }
}

// Node 18's fetch joins them with commas; our cookies carry no commas.
const splitSetCookie = (joined) => (joined ? joined.split(/,\s*(?=[A-Za-z_-]+=)/) : []);
