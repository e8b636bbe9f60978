package io.keymux.gateway.access;

import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** Rows of access keys, and the revision of all of them. */
interface AccessKeyRows extends ListCrudRepository<AccessKeyRow, Long> {

	Optional<AccessKeyRow> findByName(String name);

	@Query("select * from keymux_access_key where secret_hash = :hash or previous_hash = :hash")
	Optional<AccessKeyRow> findByHash(String hash);

	List<AccessKeyRow> findAllByOrderById();

	/** Writers of access keys take turns from here to their commit. */
	@Query("select revision from keymux_revision where scope = 'access-keys' for update")
	long lock();

	@Modifying
	@Query("update keymux_revision set revision = revision + 1 where scope = 'access-keys'")
	void nextRevision();

}
