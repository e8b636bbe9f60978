package io.keymux.gateway.record;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How records wait to be stored.
 *
 * @param enabled whether there are any
 * @param buffer records that may wait
 * @param bodyBuffer bytes of their bodies that may wait
 * @param batch records that are stored at once
 * @param delay how long a record waits for others
 */
@Validated
@ConfigurationProperties("keymux.records")
record RecordProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("20000") @Min(100) @Max(10_000_000) int buffer, @DefaultValue("64MB") DataSize bodyBuffer,
		@DefaultValue("500") @Min(1) @Max(10_000) int batch,
		@DefaultValue("300ms") @DurationMin(millis = 10) @DurationMax(minutes = 1) Duration delay) {
}
