package io.keymux.gateway.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.keymux.gateway.usage.UsageTable.Span;

/** Makes a span out of as few and as long intervals as there are. */
final class Spans {

	private Spans() {
	}

	/** The finest interval that is kept of an hour or day a moment is in. */
	static Interval finest(Instant moment, Instant now, UsageProperties properties) {
		if (Interval.HOUR.floor(moment) >= Interval.MINUTE.floor(now.minus(properties.minutes()))) {
			return Interval.MINUTE;
		}
		boolean hours = Interval.DAY.floor(moment) >= Interval.HOUR.floor(now.minus(properties.hours()));
		return hours ? Interval.HOUR : Interval.DAY;
	}

	static List<Span> cover(long start, long end) {
		List<Span> spans = new ArrayList<>();
		cover(List.of(Interval.DAY, Interval.HOUR, Interval.MINUTE), start, end, spans);
		return spans;
	}

	/** Whole ones of the first interval, and finer ones before and behind. */
	private static void cover(List<Interval> intervals, long start, long end, List<Span> spans) {
		if (intervals.isEmpty() || start >= end) {
			return;
		}
		Interval interval = intervals.getFirst();
		List<Interval> finer = intervals.subList(1, intervals.size());
		long first = interval.ceil(start);
		long last = interval.floor(end);
		if (first >= last) {
			cover(finer, start, end, spans);
			return;
		}
		spans.add(new Span(interval, first, last));
		cover(finer, start, first, spans);
		cover(finer, last, end, spans);
	}

}
