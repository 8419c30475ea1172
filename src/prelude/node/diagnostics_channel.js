// `node:diagnostics_channel`: messages from libraries to whoever subscribed.

const { invalidArgType, requireFunction } = require('quickcuke:errors');

const channels = new Map();

class Channel {
  constructor(name) { this.name = name; this._subscribers = []; }
  get hasSubscribers() { return this._subscribers.length > 0; }
  subscribe(listener) { requireFunction(listener, 'subscription'); this._subscribers = [...this._subscribers, listener]; }
  unsubscribe(listener) {
    const index = this._subscribers.indexOf(listener);
    if (index < 0) return false;
    this._subscribers = this._subscribers.toSpliced(index, 1);
    return true;
  }
  publish(message) {
    for (const listener of this._subscribers) {
      try { listener(message, this.name); } catch (error) { process.nextTick(() => { throw error; }); }
    }
  }
  bindStore() {}
  unbindStore() { return false; }
  runStores(message, run, self, ...values) { this.publish(message); return Reflect.apply(run, self, values); }
}

function channel(name) {
  if (typeof name !== 'string' && typeof name !== 'symbol') throw invalidArgType('channel', ['string', 'symbol'], name);
  if (!channels.has(name)) channels.set(name, new Channel(name));
  return channels.get(name);
}

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

class TracingChannel {
  constructor(name) { for (const event of EVENTS) this[event] = typeof name === 'object' ? name[event] : channel(`tracing:${name}:${event}`); }
  get hasSubscribers() { return EVENTS.some(event => this[event].hasSubscribers); }
  subscribe(handlers) { for (const event of EVENTS) if (handlers[event]) this[event].subscribe(handlers[event]); }
  unsubscribe(handlers) { return EVENTS.filter(event => handlers[event]).map(event => this[event].unsubscribe(handlers[event])).every(Boolean); }
  traceSync(run, context = {}, self = undefined, ...values) {
    this.start.publish(context);
    try {
      context.result = Reflect.apply(run, self, values);
      return context.result;
    } catch (error) {
      context.error = error;
      this.error.publish(context);
      throw error;
    } finally {
      this.end.publish(context);
    }
  }
  tracePromise(run, context = {}, self = undefined, ...values) {
    const settle = (name, value) => {
      context[name] = value;
      if (name === 'error') this.error.publish(context);
      this.asyncStart.publish(context);
      this.asyncEnd.publish(context);
    };
    this.start.publish(context);
    try {
      return Promise.resolve(Reflect.apply(run, self, values)).then(
        value => { settle('result', value); return value; },
        error => { settle('error', error); throw error; },
      );
    } catch (error) {
      context.error = error;
      this.error.publish(context);
      throw error;
    } finally {
      this.end.publish(context);
    }
  }
}

module.exports = {
  Channel, channel,
  hasSubscribers: name => channels.get(name)?.hasSubscribers ?? false,
  subscribe: (name, listener) => channel(name).subscribe(listener),
  unsubscribe: (name, listener) => channel(name).unsubscribe(listener),
  tracingChannel: name => new TracingChannel(name),
};
